import { writeFileSync } from 'node:fs';
import { appWindow, call, expect, openApp, test } from './fixtures';

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

test('an upload that is cancelled leaves nothing, and can be sent after all', async ({ desktop }) => {
  // The first part waits until the test lets it go: no race with a fast machine.
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await desktop.route('**/uploads/*', async (route) => {
    if (route.request().method() === 'PATCH') await held;
    await route.continue().catch(() => undefined); // it may have been cancelled
  });
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  await files.locator('[data-upload-input]').setInputFiles(onDisk({ 'Big.bin': Buffer.alloc(3_000_000, 7) }));
  const upload = files.locator('[data-upload="Big.bin"]');
  await expect(upload).toHaveAttribute('data-state', 'sending');
  const removed = desktop.waitForResponse((answer) => answer.request().method() === 'DELETE' && answer.url().includes('/uploads/'));
  await upload.getByRole('button', { name: 'Cancel' }).click();
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
