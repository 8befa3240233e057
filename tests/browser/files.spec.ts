import { writeFileSync } from 'node:fs';
import { appWindow, call, expect, holdBack, openApp, test } from './fixtures';

/** Files on the disk: the browser reads them from there itself. */
function onDisk(files: Record<string, string | Buffer>): string[] {
  return Object.entries(files).map(([name, content]) => {
    const path = test.info().outputPath(name);
    writeFileSync(path, content);
    return path;
  });
}

test('upload, rename, trash, restore, find', async ({ desktop }) => {
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  await files
    .locator('[data-upload-input]')
    .setInputFiles(onDisk({ 'Letter.txt': 'Dear house,\nall is well.\n', '旅行计划.md': '# 敦煌\n', 'Big.bin': Buffer.alloc(12_000_000, 7) }));
  await expect(files.locator('[data-upload][data-state="done"]')).toHaveCount(3, { timeout: 30_000 });
  await files.locator('.tray').getByRole('button', { name: 'Close' }).click();
  await expect(files.locator('[data-name="Big.bin"]')).toContainText('12 MB');

  // By keyboard alone: choose, rename, trash.
  await files.locator('[data-files]').focus();
  await desktop.keyboard.type('let');
  await expect(files.locator('[data-name="Letter.txt"]')).toHaveAttribute('aria-selected', 'true');
  await desktop.keyboard.press('F2');
  await expect(desktop.getByLabel('Name', { exact: true })).toBeFocused();
  await desktop.getByLabel('Name', { exact: true }).fill('Letter home.txt');
  await desktop.keyboard.press('Enter');
  await expect(files.locator('[data-name="Letter home.txt"]')).toBeVisible();
  await expect(desktop.getByRole('dialog')).toHaveCount(0);
  await files.locator('[data-files]').focus();
  await desktop.keyboard.press('Home');
  await desktop.keyboard.type('letter');
  await desktop.keyboard.press('Enter');
  await expect(desktop.locator('[data-preview-text]')).toContainText('all is well.');
  await desktop.keyboard.press('Escape');
  await files.locator('[data-files]').focus();
  await desktop.keyboard.press('Delete');
  await expect(files.locator('[data-name="Letter home.txt"]')).toHaveCount(0);

  // The trash gives it back.
  await files.locator('[data-place="trash"]').click();
  await files.locator('[data-trashed="Letter home.txt"]').getByRole('button', { name: 'Restore' }).click();
  await expect(files.locator('[data-trashed]')).toHaveCount(0);
  await files.locator('[data-place="home"]').click();
  await expect(files.locator('[data-name="Letter home.txt"]')).toBeVisible();

  await files.getByLabel('Search names').fill('计划');
  await expect(files.locator('.results')).toContainText('旅行计划.md');
});

for (const [moment, method] of [
  ['while it is sent', 'PATCH'],
  ['before it has begun', 'POST'],
] as const)
  test(`an upload that is cancelled ${moment} leaves nothing, and can be sent after all`, async ({ desktop }) => {
    // What is asked at that moment waits until the test lets it go: no race with a fast machine.
    const letGo = await holdBack(desktop, /\/uploads(\/|$)/, method);
    const asked = desktop.waitForRequest((request) => request.method() === method && request.url().includes('/uploads'));
    await openApp(desktop, 'files');
    const files = appWindow(desktop, 'files');
    await files.locator('[data-upload-input]').setInputFiles(onDisk({ 'Big.bin': Buffer.alloc(3_000_000, 7) }));
    const upload = files.locator('[data-upload="Big.bin"]');
    await expect(upload).toHaveAttribute('data-state', 'sending');
    const removed = desktop.waitForResponse((answer) => answer.request().method() === 'DELETE' && answer.url().includes('/uploads/'));
    await asked;
    await upload.getByRole('button', { name: 'Cancel' }).click();
    if (method === 'POST') letGo();
    await expect(upload).toHaveAttribute('data-state', 'cancelled');
    expect((await removed).status()).toBe(204);
    const { entries } = await call<{ entries: unknown[] }>(desktop, 'files.list', { path: '/' });
    expect(entries).toEqual([]);

    letGo();
    await upload.getByRole('button', { name: 'again' }).click();
    await expect(upload).toHaveAttribute('data-state', 'done');
    await expect(files.locator('[data-name="Big.bin"]')).toBeVisible();
  });

test('folders: make, walk, move, and what others do shows at once', async ({ desktop }) => {
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  await files.locator('[data-action="new-folder"]').click();
  await desktop.getByLabel('Name', { exact: true }).fill('Papers');
  await desktop.keyboard.press('Enter');
  await expect(files.locator('[data-name="Papers"]')).toBeVisible();

  // Taken names and names with a slash are refused in the dialog, which stays.
  await files.locator('[data-action="new-folder"]').click();
  await desktop.getByLabel('Name', { exact: true }).fill('Papers');
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByRole('alert')).toBeVisible();
  await desktop.getByLabel('Name', { exact: true }).fill('a/b');
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByRole('alert')).toContainText('cannot contain');
  await desktop.keyboard.press('Escape');

  // Somebody else writes into the folder that is shown.
  await call(desktop, 'files.write', { path: '/Bill.txt', text: '12.50\n' });
  await expect(files.locator('[data-name="Bill.txt"]')).toBeVisible();

  await files.locator('[data-name="Bill.txt"]').click({ button: 'right' });
  await desktop.getByRole('menuitem', { name: 'Cut' }).click();
  await files.locator('[data-name="Papers"]').dblclick();
  await expect(files.getByRole('navigation', { name: 'Path' })).toContainText('Papers');
  await files.getByRole('button', { name: 'Upload' }).first().waitFor();
  await files.locator('.vacant, [data-files]').first().click({ button: 'right', position: { x: 20, y: 20 } });
  await desktop.getByRole('menuitem', { name: 'Paste' }).click();
  await expect(files.locator('[data-name="Bill.txt"]')).toBeVisible();
});

test('a long folder scrolls without being drawn whole', async ({ desktop }) => {
  await call(desktop, 'files.make_folder', { path: '/Many' });
  await desktop.evaluate(async () => {
    const write = (n: number) =>
      fetch('/api/files.write', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Hearth-Client': 'desktop' },
        body: JSON.stringify({ path: `/Many/Page ${n}.txt`, text: String(n) }),
      });
    for (let n = 1; n <= 400; n += 20) await Promise.all(Array.from({ length: 20 }, (_, k) => write(n + k)));
  });
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  await files.locator('[data-name="Many"]').dblclick();
  await expect(files.locator('footer')).toContainText('400');
  expect(await files.locator('.entry').count()).toBeLessThan(80);
  await files.locator('[data-files]').focus();
  await desktop.keyboard.press('End');
  await expect(files.locator('[data-name="Page 400.txt"]')).toBeVisible();
});

test('a shared link lets a stranger in, and ends', async ({ desktop, browser, box }) => {
  await call(desktop, 'files.write', { path: '/Recipe.txt', text: 'Flour, water, salt.\n' });
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  await files.locator('[data-name="Recipe.txt"]').click();
  await files.locator('footer').getByRole('button', { name: 'Share' }).click();
  await expect(desktop.getByRole('dialog').locator('label')).toHaveText([/^The link ends after$/, /^Password optional$/, /^Downloads at most optional$/]);
  await desktop.getByLabel('Downloads at most').fill('3');
  await desktop.getByRole('button', { name: 'Make the link' }).click();
  const link = await desktop.getByLabel('Link', { exact: true }).inputValue();
  expect(link).toMatch(new RegExp(`^${box.address}/s/`));
  await desktop.getByRole('button', { name: 'Done' }).click();

  const stranger = await (await browser.newContext()).newPage();
  const answer = await stranger.goto(link);
  expect(answer?.status()).toBe(200);
  await expect(stranger.locator('body')).toContainText('Recipe.txt');

  await files.locator('[data-place="shares"]').click();
  await files.locator('[data-share="Recipe.txt"]').getByRole('button', { name: 'End' }).click();
  await expect(files.locator('[data-share]')).toHaveCount(0);
  expect((await stranger.goto(link))?.status()).toBeGreaterThanOrEqual(400);
  await stranger.context().close();
});

test('a search acts on nothing that it does not show', async ({ desktop }) => {
  for (const name of ['victim.txt', 'other.txt', 'otter.txt']) await call(desktop, 'files.write', { path: `/${name}`, text: name });
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  const footer = files.locator('footer');
  await files.locator('[data-name="victim.txt"]').click();
  await expect(footer).toContainText('1 chosen');
  await files.getByLabel('Search names').fill('ot');
  await expect(files.locator('.results li')).toHaveCount(2);
  await expect(footer).toHaveText('2 results');
  await expect(footer.getByRole('button')).toHaveCount(0);
  await files.getByLabel('Search names').fill('nothing is called so');
  await expect(files.locator('.empty')).toContainText('No name has');
  await expect(footer).toHaveText('');
  await files.getByLabel('Search names').fill('');
  await expect(footer).toHaveText('3 entries');
  await expect(files.locator('[data-name="victim.txt"]')).toHaveAttribute('aria-selected', 'false');
});

test('columns stand under their headings', async ({ desktop }) => {
  await call(desktop, 'files.write', { path: '/Letter.txt', text: 'Dear house' });
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  const row = files.locator('[data-name="Letter.txt"]');
  await row.waitFor();
  for (const column of ['size', 'modified']) {
    const head = (await files.locator(`.head .${column}`).boundingBox())!;
    const cell = (await row.locator(`.${column}`).boundingBox())!;
    expect(Math.abs(head.x + head.width - cell.x - cell.width), column).toBeLessThan(1);
    expect(Math.abs(head.x - cell.x), column).toBeLessThan(1);
  }
});

test('a deep path shows where one is, and the folders between in a menu', async ({ desktop }) => {
  const deep = '/A folder for letters/Another for the years/The year before last/Letters that came in winter';
  for (const at of [1, 2, 3, 4]) await call(desktop, 'files.make_folder', { path: deep.split('/').slice(0, at + 1).join('/') });
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  const trail = files.getByRole('navigation', { name: 'Path' });
  for (const name of deep.slice(1).split('/')) await files.locator(`[data-name="${name}"]`).dblclick();
  const last = trail.locator('[aria-current="page"]');
  await expect(last).toHaveText('Letters that came in winter');
  expect(await last.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  await trail.getByRole('button', { name: 'Folders between' }).click();
  await desktop.getByRole('menuitem', { name: 'Another for the years' }).click();
  await expect(last).toHaveText('Another for the years');
  await expect(files.locator('[data-name="The year before last"]')).toBeVisible();
});

test('an empty file says that it is empty; a name that is too long is not cut', async ({ desktop }) => {
  await call(desktop, 'files.write', { path: '/empty.bin', text: '' });
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  await files.locator('[data-name="empty.bin"]').dblclick();
  await expect(desktop.getByRole('dialog')).toContainText('This file is empty');
  await desktop.keyboard.press('Escape');

  await files.locator('[data-name="empty.bin"]').click();
  await desktop.keyboard.press('F2');
  const name = desktop.getByLabel('Name', { exact: true });
  await name.fill('雪'.repeat(86)); // 258 bytes
  await expect(name).toHaveValue('雪'.repeat(86));
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByRole('alert')).toContainText('too long');
  await name.fill('雪'.repeat(85));
  await desktop.keyboard.press('Enter');
  await expect(files.locator(`[data-name="${'雪'.repeat(85)}"]`)).toBeVisible();
});
