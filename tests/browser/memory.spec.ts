import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { top } from './box';
import { appWindow, call, expect, holdBack, openApp, openView, picture, test } from './fixtures';
import { lifeAsMbox, manyAsMbox, notes } from './life';
import { mailAbsent, mailPresent, mbox } from './mailbox';

/** Drops files on the Memory app, as a person does from their own desktop. */
async function drop(page: Page, files: { name: string; type: string; bytes: Buffer }[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    (given) => {
      const made = new DataTransfer();
      for (const { name, type, base64 } of given) {
        made.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name, { type }));
      }
      return made;
    },
    files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') })),
  );
  const zone = page.locator('[data-drop]');
  await zone.dispatchEvent('dragenter', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
}

async function imported(page: Page, input: Record<string, unknown>): Promise<void> {
  const { job } = await call<{ job: string }>(page, 'memory.import', input);
  await expect.poll(async () => (await call<{ state: string }>(page, 'jobs.get', { id: job })).state, { timeout: 30_000 }).toBe('done');
}

/** Messages that pass have passed: a picture shows the page. */
async function undisturbed(page: Page, name: string): Promise<void> {
  const toasts = page.locator('.toast .close');
  while ((await toasts.count()) > 0) await toasts.first().click();
  await picture(page, name);
}

/** A box that remembers a small life: mail of some years, and a few notes. */
async function furnished(page: Page): Promise<Locator> {
  await call(page, 'files.make_folder', { path: '/Notes' });
  for (const [name, text] of Object.entries(notes)) await call(page, 'files.write', { path: `/Notes/${name}`, text });
  await call(page, 'files.write', { path: '/Letters.mbox', text: lifeAsMbox().toString() });
  await imported(page, { path: '/Letters.mbox', name: 'Letters' });
  await imported(page, { path: '/Notes' });
  await openApp(page, 'memory');
  return appWindow(page, 'memory');
}

const words = {
  en: { locale: 'en-GB', clear: 'Clear the search', forget: 'Forget', leaves: '12 items leave', private: 'private untrusted', undo: 'Undo', same: 'They are the same', apart: 'Take apart again', today: 'Today' },
  zh: { locale: 'zh-CN', clear: '清除搜索', forget: '忘记', leaves: '12 个条目将', private: 'private untrusted', undo: '撤销', same: '是同一个人', apart: '重新分开', today: '今天' },
} as const;

for (const [language, w] of Object.entries(words)) {
  test.describe(`memory in ${language}`, () => {
    test.use({ locale: w.locale, colorScheme: language === 'en' ? 'light' : 'dark' });

    test('dropped, found while typing, opened, forgotten', async ({ desktop }) => {
      await openApp(desktop, 'memory');
      const memory = appWindow(desktop, 'memory');
      await drop(desktop, [
        { name: 'Letters.mbox', type: 'application/mbox', bytes: lifeAsMbox() },
        { name: 'Boat.md', type: 'text/markdown', bytes: Buffer.from(notes['Boat.md']) },
      ]);
      const letters = memory.locator('[data-source]').filter({ hasText: 'Letters' });
      await expect(letters).toContainText(/\b12\b/, { timeout: 30_000 });
      await expect(memory.locator('[data-source]')).toHaveCount(2);
      await picture(desktop, `memory-sources-${language}`);

      // As one types: the word need not be finished.
      const field = memory.locator('[data-search]');
      await field.pressSequentially('varni');
      await expect(memory.locator('[data-result]')).toHaveCount(2);
      await expect(memory.locator('[data-result]').first().locator('mark').first()).toContainText(/varnish/i);
      await picture(desktop, `memory-search-${language}`);

      // By keyboard alone: down, down, up and up lead through the results and back into the field; Enter opens.
      await desktop.keyboard.press('ArrowDown');
      await desktop.keyboard.press('ArrowDown');
      await expect(memory.locator('[data-result]').nth(1)).toBeFocused();
      await desktop.keyboard.press('ArrowUp');
      await desktop.keyboard.press('ArrowUp');
      await expect(field).toBeFocused();
      await field.fill('水壶 plumber boiler');
      await expect(memory.locator('[data-result]').first()).toContainText('Boiler');
      await desktop.keyboard.press('Enter');
      await expect(memory.locator('[data-result]').first()).toBeFocused();
      await desktop.keyboard.press('Enter');
      const panel = memory.getByRole('complementary');
      await expect(panel).toContainText('ann@example.org');
      await expect(panel.locator('mark').first()).toHaveText(/plumber/i);

      // Why it was found is said when one asks.
      await expect(memory.locator('[data-why]')).toHaveCount(0);
      await memory.locator('[data-results] li').first().hover();
      await memory.locator('[data-results] li').first().locator('.why').click();
      await expect(memory.locator('[data-why]')).toContainText('plumber');

      // Narrowed to the notes nothing is left; the chip takes it away again.
      await memory.locator('[data-filter="source"]').click();
      await desktop.getByRole('menuitemradio', { name: 'Boat' }).or(desktop.getByRole('menuitemradio').last()).first().click();
      await expect(memory.locator('[data-filter="source"]')).toBeVisible();
      await memory.locator('.chip.on .off').click();
      await expect(memory.locator('[data-result]').first()).toContainText('Boiler');
      // Whom the mail names has a page; it does not come over what is looked at by the time it is found.
      const letGo = await holdBack(desktop, '**/api/memory.people');
      const found = desktop.waitForResponse('**/api/memory.people');
      await panel.getByRole('button', { name: 'Ann Lindgren' }).click();
      await openView(memory, 'sources');
      letGo();
      await found;
      await expect(letters).toBeVisible();
      await panel.locator('header button').last().click();
      await expect(panel).toHaveCount(0);

      // Forgetting says how much goes, and then it is gone.
      await openView(memory, 'sources');
      await letters.locator('[data-action="forget"]').click();
      await expect(desktop.locator('[data-preview]')).toContainText(w.leaves);
      await desktop.getByRole('dialog').getByRole('button', { name: w.forget, exact: true }).click();
      await expect(letters).toHaveCount(0);
      await field.fill('plumber');
      await expect(memory.locator('[data-result]')).toHaveCount(0);
    });

    test('by day, by person, and what is open', async ({ desktop }) => {
      const memory = await furnished(desktop);

      // The timeline: today first, and this day in other years at its top.
      await expect(memory.locator('[data-timeline] h3').first()).toHaveText(w.today);
      await expect(memory.locator('[data-on-this-day]')).toContainText('First snow');
      await picture(desktop, `memory-timeline-${language}`);
      await memory.locator('[data-entry]').filter({ hasText: 'Boiler' }).click();
      await expect(memory.getByRole('complementary')).toContainText('nineteen years');
      await picture(desktop, `memory-item-${language}`);
      await desktop.keyboard.press('Escape');
      await memory.locator('[data-jump]').click();
      await desktop.getByRole('dialog').locator('input[type="number"]').fill(String(new Date().getFullYear() - 6));
      await desktop.getByRole('dialog').locator('.months button').last().click();
      await expect(memory.locator('[data-entry]').first()).toContainText('First snow');

      // People: two Bos who are one, and taken apart again.
      await openView(memory, 'people');
      await expect(memory.locator('[data-person]').filter({ hasText: 'Bo Tanaka' })).toHaveCount(2);
      await undisturbed(desktop, `memory-people-${language}`);
      const suggestion = memory.locator('[data-suggestion]').filter({ hasText: 'Bo Tanaka' });
      await suggestion.getByRole('button', { name: w.same }).click();
      await expect(memory.locator('[data-person]').filter({ hasText: 'Bo Tanaka' })).toHaveCount(1);
      await memory.locator('[data-person]').filter({ hasText: 'Bo Tanaka' }).click();
      const page = memory.locator('[data-person-page]');
      await expect(page).toContainText('bo@harbour.example');
      await expect(page.locator('[data-entry]').first()).toContainText('Varnish');
      await undisturbed(desktop, `memory-person-${language}`);
      await page.getByRole('button', { name: w.apart }).click();
      await expect(page).not.toContainText('bo@harbour.example');

      // What somebody promised: settled, and open again.
      await openView(memory, 'promises');
      const promise = memory.locator('[data-promise]').filter({ hasText: 'pick them up' });
      await expect(promise).toContainText('Bo Tanaka');
      await undisturbed(desktop, `memory-promises-${language}`);
      await promise.locator('[data-settle="done"]').click();
      await expect(promise).toHaveCount(0);
      await desktop.getByRole('button', { name: w.undo }).last().click();
      await expect(promise).toHaveCount(1);
      await promise.getByRole('button').first().click();
      await expect(memory.getByRole('complementary').locator('mark')).toContainText('pick them up');
    });
  });
}

test('a label is seen and changed, a search is kept', async ({ desktop }) => {
  const memory = await furnished(desktop);
  await openView(memory, 'sources');
  const label = memory.locator('[data-source]').filter({ hasText: 'Letters' }).locator('[data-label]');
  await expect(label).toHaveAttribute('data-label', 'private untrusted');
  await label.click();
  await desktop.getByRole('dialog').getByLabel('Secret').check();
  await desktop.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(label).toHaveAttribute('data-label', 'secret untrusted');

  await memory.locator('[data-search]').fill('Dunhuang');
  await memory.locator('[data-filter="kinds"]').click();
  await desktop.getByRole('menuitemradio', { name: 'Document' }).click();
  await expect(memory.locator('[data-result]')).toHaveCount(1);
  await memory.locator('[data-save]').click();
  await desktop.getByLabel('Name of the search').fill('The journey');
  await desktop.keyboard.press('Enter');
  await openView(memory, 'timeline');
  await desktop.reload();
  await memory.locator('[data-saved="The journey"]').first().click();
  await expect(memory.locator('[data-search]')).toHaveValue('Dunhuang');
  await expect(memory.locator('[data-result]')).toHaveCount(1);
  await memory.getByRole('button', { name: 'Remove the saved search The journey' }).first().click();
  await expect(memory.locator('[data-saved]')).toHaveCount(0);
});

test('filters alone list what fits, and a search takes no other one’s name unasked', async ({ desktop }) => {
  const memory = await furnished(desktop);
  const results = memory.locator('[data-result]');
  const field = memory.locator('[data-search]');
  await openView(memory, 'sources');
  await field.fill('Dunhuang');
  await memory.locator('[data-filter="kinds"]').click();
  await desktop.getByRole('menuitemradio', { name: 'Document' }).click();
  await expect(results).toHaveCount(1);
  await field.fill('');
  await expect(results).toHaveCount(Object.keys(notes).length);
  await expect(results.first().locator('.snippet')).toBeVisible();

  // The name that is proposed tells the filters.
  const name = desktop.getByLabel('Name of the search');
  const saved = memory.locator('[data-saved="Papers"]').first();
  await memory.locator('[data-save]').click();
  await expect(name).toHaveValue('Document');
  await name.fill('Papers');
  await desktop.keyboard.press('Enter');
  await expect(saved).toBeVisible();
  await memory.getByRole('button', { name: 'Take the filter away: Kind' }).click();
  await expect(memory.locator('[data-source]').first()).toBeVisible();

  await field.fill('plumber');
  await memory.locator('[data-save]').click();
  await name.fill('Papers');
  await desktop.keyboard.press('Enter');
  const dialog = desktop.getByRole('dialog');
  await expect(dialog.locator('[data-taken]')).toContainText('Document');
  await picture(desktop, 'memory-save-taken');
  await dialog.locator('[data-replace]').click();
  await expect(dialog).toHaveCount(0);
  await saved.click();
  await expect(field).toHaveValue('plumber');
  await desktop.getByRole('button', { name: 'Undo' }).last().click();
  await expect(async () => {
    await saved.click();
    await expect(field).toHaveValue('', { timeout: 500 });
  }).toPass();
  await expect(results).toHaveCount(Object.keys(notes).length);
});

test('a folder is followed, results narrow to a tag, a span of days is forgotten', async ({ desktop }) => {
  const memory = await furnished(desktop);
  await openView(memory, 'sources');
  const folder = memory.locator('[data-source]').filter({ hasText: 'Notes' });
  await folder.locator('[data-action="watch"]').click();
  await expect(folder.locator('[data-live]')).toBeVisible();
  await expect(folder.locator('[data-action="watch"]')).toHaveAttribute('aria-pressed', 'true');
  await call(desktop, 'files.write', { path: '/Notes/Sail.md', text: '---\ntags: [rigging]\n---\n\nThe mainsail wants two new battens before the harbour opens.\n' });
  await memory.locator('[data-search]').fill('harbour');
  await expect(async () => {
    await memory.locator('[data-search]').press('Enter');
    await expect(memory.locator('[data-result]').filter({ hasText: 'battens' })).toHaveCount(1, { timeout: 500 });
  }).toPass();

  await memory.locator('[data-filter="tags"]').click();
  await desktop.getByLabel('Tags').fill('rigging');
  await desktop.keyboard.press('Enter');
  await expect(memory.locator('[data-result]')).toHaveCount(1);
  await memory.getByRole('button', { name: 'Take the filter away: Tag' }).click();
  await memory.locator('[data-filter="attachment"]').click();
  await desktop.getByRole('menuitemradio', { name: 'With attachments', exact: true }).click();
  await expect(memory.locator('[data-result]')).toHaveCount(0);
  await memory.getByRole('button', { name: 'Clear the search' }).click();

  // Of the twelve letters two are some years old.
  await openView(memory, 'sources');
  await memory.locator('[data-forget-time]').click();
  const dialog = desktop.getByRole('dialog');
  const forget = dialog.getByRole('button', { name: 'Forget', exact: true });
  await expect(forget).toBeDisabled();
  await dialog.getByLabel('To').fill(`${new Date().getFullYear() - 2}-12-31`);
  await expect(dialog.locator('[data-preview]')).toContainText('2 items leave');
  await forget.click();
  await expect(memory.locator('[data-source]').filter({ hasText: 'Letters' })).toContainText('10 items');
  await folder.locator('[data-action="watch"]').click();
  await expect(folder.locator('[data-live]')).toHaveCount(0);
});

test('a long timeline comes as one scrolls', async ({ desktop }) => {
  await call(desktop, 'files.write', { path: '/Log.mbox', text: manyAsMbox(150).toString() });
  await imported(desktop, { path: '/Log.mbox' });
  await openApp(desktop, 'memory');
  const memory = appWindow(desktop, 'memory');
  await expect(memory.locator('[data-entry]').first()).toContainText('Entry 149');
  expect(await memory.locator('[data-entry]').count()).toBeLessThan(150);
  const last = memory.locator('[data-entry]').filter({ hasText: /^.*Entry 0\b/ });
  await expect(async () => {
    await memory.locator('[data-entry]').last().scrollIntoViewIfNeeded();
    await expect(last).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await expect(memory.locator('[data-entry]')).toHaveCount(150);
});

test('real mail: progress, search and thread', async ({ desktop }) => {
  test.skip(!mailPresent, mailAbsent);
  await openApp(desktop, 'memory');
  const memory = appWindow(desktop, 'memory');
  await drop(desktop, [{ name: 'isabel.mbox', type: 'application/mbox', bytes: mbox('isabel') }]);
  await expect(memory.locator('[data-source]')).toContainText(/[1-9]\d* items/, { timeout: 30_000 });
  await expect(memory.locator('[data-reading]')).toHaveCount(0, { timeout: 30_000 });
  await memory.locator('[data-search]').fill('meeting');
  await expect(memory.locator('[data-result]').first()).toBeVisible();
  // What is titled so stands first, whether or not its text has the word.
  await memory.locator('[data-result]').filter({ has: desktop.locator('mark') }).first().click();
  await expect(memory.getByRole('complementary').locator('mark').first()).toBeInViewport();
});

test('a mail server that does not answer is said to be tried again', async ({ desktop }) => {
  await openApp(desktop, 'memory');
  const memory = appWindow(desktop, 'memory');
  await openView(memory, 'sources');
  await memory.getByRole('button', { name: 'Add a source' }).last().click();
  const dialog = desktop.getByRole('dialog');
  await dialog.locator('[data-tab="server"]').click();
  await expect(dialog.getByRole('button', { name: 'Connect' })).toBeDisabled();
  await dialog.getByLabel('Server', { exact: true }).fill('127.0.0.1');
  await dialog.getByLabel('Account').fill('ann');
  await dialog.getByLabel('Password').fill('not the one');
  await dialog.locator('summary').click();
  await dialog.getByLabel('Port').fill('9');
  await dialog.getByLabel('Protection', { exact: true }).selectOption('none');
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(memory.locator('[data-live="waiting"]')).toContainText('127.0.0.1', { timeout: 20_000 });
});

/** A second of silence: RIFF, 8 kHz, 8 bits. */
function silence(): Buffer {
  const samples = 8000;
  const wave = Buffer.alloc(44 + samples, 128);
  wave.write('RIFF', 0);
  wave.writeUInt32LE(36 + samples, 4);
  wave.write('WAVEfmt ', 8);
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(8000, 24);
  wave.writeUInt32LE(8000, 28);
  wave.writeUInt16LE(1, 32);
  wave.writeUInt16LE(8, 34);
  wave.write('data', 36);
  wave.writeUInt32LE(samples, 40);
  return wave;
}

test('a message stands in its conversation, a recording plays, a picture shows', async ({ desktop }) => {
  const at = (minute: number) => new Date(Date.UTC(2026, 4, 3, 9, minute)).toISOString().slice(0, 19);
  const said = ['Who brings the chairs?', 'I do. Twelve of them.', '我带茶和杯子。', 'And the scores?', 'Ann has them.', 'See you at the boathouse.'];
  const chat = {
    name: 'Choir',
    type: 'private_group',
    id: 77,
    messages: said.map((text, index) => ({ id: index + 1, type: 'message', date: at(index), from: ['Ann', 'Bo', '小明'][index % 3], from_id: `user${index % 3}`, text })),
  };
  await openApp(desktop, 'memory');
  const memory = appWindow(desktop, 'memory');
  await drop(desktop, [
    { name: 'result.json', type: 'application/json', bytes: Buffer.from(JSON.stringify(chat)) },
    { name: 'Walk.wav', type: 'audio/wav', bytes: silence() },
    { name: 'Basin.png', type: 'image/png', bytes: readFileSync(join(top, 'web/public/icon-192.png')) },
  ]);
  await expect(memory.locator('[data-source]')).toHaveCount(2, { timeout: 30_000 });
  await expect(memory.locator('[data-source]').filter({ hasText: 'result' })).toContainText('6 items', { timeout: 30_000 });
  await expect(memory.locator('[data-source]').filter({ hasText: 'Documents' })).toContainText('2 items', { timeout: 30_000 });

  await memory.locator('[data-search]').fill('茶');
  await memory.locator('[data-result]').filter({ hasText: '茶' }).first().click();
  const talk = memory.locator('[data-thread].talk');
  await expect(talk.locator('[aria-current]')).toContainText('我带茶和杯子。');
  await expect(talk).toContainText('Twelve of them');
  await expect(talk).toContainText('And the scores?');
  await picture(desktop, 'memory-chat');
  await talk.getByRole('button').filter({ hasText: 'Ann has them.' }).click();
  await expect(talk.locator('[aria-current]')).toContainText('Ann has them.');

  await memory.locator('[data-search]').fill('Walk');
  await memory.locator('[data-result]').filter({ hasText: 'Walk' }).first().click();
  await expect.poll(() => memory.locator('[data-player]').evaluate((player) => (player as HTMLAudioElement).duration)).toBeCloseTo(1, 1);
  await memory.locator('[data-search]').fill('Basin');
  await memory.locator('[data-result]').filter({ hasText: 'Basin' }).first().click();
  const image = memory.getByRole('complementary').locator('img');
  await expect.poll(() => image.evaluate((shown) => (shown as HTMLImageElement).naturalWidth)).toBe(192);
});

for (const [language, locale, colorScheme] of [
  ['en', 'en-GB', 'dark'],
  ['zh', 'zh-CN', 'light'],
] as const) {
  test.describe(`on a phone in ${language}`, () => {
    test.use({ locale, colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true });

    test('every view of the memory fits', async ({ desktop }) => {
      const memory = await furnished(desktop);
      for (const view of ['people', 'promises', 'sources', 'timeline']) {
        await openView(memory, view);
        await expect(memory.locator(`[data-view="${view}"]`)).toHaveAttribute('aria-current', 'page');
        await desktop.waitForLoadState('networkidle');
        expect(await memory.locator('.main').evaluate((main) => main.scrollWidth - main.clientWidth)).toBe(0);
        if (view === 'sources') await picture(desktop, `memory-phone-sources-${language}`);
      }
      await expect(memory.locator('[data-on-this-day]')).toBeVisible();
      await picture(desktop, `memory-phone-${language}`);
      await memory.locator('[data-search]').fill('敦煌');
      await memory.locator('[data-result]').filter({ hasText: '火车票' }).first().click();
      const panel = memory.getByRole('complementary');
      await expect(panel).toContainText('xiaoming@example.org');
      expect((await panel.boundingBox())?.width).toBeGreaterThan(380);
      await picture(desktop, `memory-phone-item-${language}`);
      await panel.getByRole('button').filter({ has: desktop.locator('svg') }).nth(2).click();
      await expect(panel).toBeHidden();
    });
  });
}

test('a note is cited without its marks, found near its words, and what is not there is said in the language of the desktop', async ({ desktop }) => {
  const filler = 'The road was long and the weather changed twice a day, so we slept in barns. '.repeat(4);
  await call(desktop, 'files.make_folder', { path: '/Notes' });
  await call(desktop, 'files.write', { path: '/Notes/Bike trip.md', text: `# Bike trip\n\n${filler}The puncture kit is in the blue saddlebag. Bring the pump.\n` });
  await imported(desktop, { kind: 'folder', path: '/Notes' });
  await openApp(desktop, 'memory');
  const memory = appWindow(desktop, 'memory');
  await memory.locator('[data-search]').fill('bike');
  const result = memory.locator('[data-result]').first();
  await expect(result.locator('strong mark')).toHaveText('Bike');
  await expect(result.locator('.snippet')).toHaveText(/^The road was long/);
  // On a phone two lines hold little: they begin near the word.
  await desktop.setViewportSize({ width: 390, height: 844 });
  await memory.locator('[data-search]').fill('saddlebag');
  const hit = result.locator('.snippet mark').filter({ hasText: 'saddlebag' });
  await expect(hit).toBeVisible();
  await expect(async () => {
    const [shown, at] = [(await result.locator('.snippet').boundingBox())!, (await hit.boundingBox())!];
    expect(at.y + at.height).toBeLessThanOrEqual(shown.y + shown.height);
  }).toPass({ timeout: 10_000 });

  await desktop.setViewportSize({ width: 1440, height: 900 });
  await openApp(desktop, 'ask');
  const ask = appWindow(desktop, 'ask');
  await ask.locator('[data-question]').fill('Where is the puncture kit?');
  await desktop.keyboard.press('Enter');
  const passage = ask.locator('[data-passage="1"]');
  await expect(passage.locator('strong')).toHaveText('Bike trip');
  await expect(passage.locator('.text')).toContainText('saddlebag');
  await expect(passage.locator('.text')).not.toContainText('#');
  await expect(passage.locator('.text')).not.toContainText('Bike trip');

  await desktop.getByRole('button', { name: 'Language' }).click();
  await desktop.getByRole('menuitemradio', { name: '简体中文' }).click();
  await ask.locator('[data-question]').fill('Who painted the zeppelin hangar?');
  await desktop.keyboard.press('Enter');
  await expect(ask.locator('.empty h3')).toHaveText('记忆中没有相关内容');
});
