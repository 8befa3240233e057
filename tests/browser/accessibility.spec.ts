// Every screen under axe-core (WCAG 2.2 A and AA, and its best practices): light in English, dark in Chinese. Colours come from
// tokens and words from tables, so each is looked at once; what an app's buttons open is looked at in one of the two.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from '@playwright/test';
import { appWindow, call, expect, openApp, password, person, test } from './fixtures';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  // A window is a page of its own, with its own aside.
  rules: { 'landmark-complementary-is-top-level': { enabled: false } },
};
const apps = ['ask', 'memory', 'files', 'activity', 'people', 'system'];

/** What axe finds on the page now, or in a part of it, one line for each element, with where one was. */
async function findings(page: Page, where: string, part = 'html'): Promise<string[]> {
  // Colours on their way from one to another have the contrast of neither.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    ([within, how]) => (globalThis as unknown as { axe: { run(within: string, how: RunOptions): Promise<AxeResults> } }).axe.run(within, how),
    [part, options] as const,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${where}: ${id}: ${node.target.join(' ')}: ${(node.failureSummary ?? '').replace(/\s+/g, ' ')}`),
  );
}

/** A tab of an app, or a view that it offers at its side. */
function tabOf(name: string): string {
  return `[data-tab="${name}"], [data-view="${name}"]`;
}

/** Two frames later: what a click opens at once is there. */
function settle(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

async function furnish(page: Page): Promise<void> {
  await call(page, 'files.make_folder', { path: '/Notes' });
  await call(page, 'files.write', { path: '/Notes/Journey.md', text: '# Journey\n\nWe travel to Dunhuang in October. 我们十月去敦煌。\n' });
  await call(page, 'files.write', { path: '/old.txt', text: 'old' });
  await call(page, 'files.trash', { path: '/old.txt' });
  await call(page, 'files.share', { path: '/Notes/Journey.md' });
  await call(page, 'identity.create_person', { name: 'bo', display_name: 'Bo', role: 'member', password });
  const { principal } = await call<{ principal: string }>(page, 'identity.create_token', { kind: 'app', name: 'Notes' });
  await call(page, 'grants.create', { principal, operations: ['files.*'], resources: ['files:/Notes/**'] });
  await call(page, 'entrances.set', { id: 'wiki', upstream: '127.0.0.1:9', access: 'private' });
  const { job } = await call<{ job: string }>(page, 'memory.import', { kind: 'folder', path: '/Notes' });
  await expect.poll(async () => (await call<{ state: string }>(page, 'jobs.get', { id: job })).state).toBe('done');
}

for (const [locale, colorScheme] of [
  ['en-GB', 'light'],
  ['zh-CN', 'dark'],
] as const) {
  test.describe(`${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme, contextOptions: { reducedMotion: 'reduce' } });
    test.setTimeout(240_000);

    test('before one is in', async ({ page, unclaimed }) => {
      await page.goto(unclaimed.address);
      await expect(page.locator('form')).toBeVisible();
      const found = await findings(page, 'claim');
      await call(page, 'identity.setup', { code: unclaimed.setupCode, ...person, password });
      await call(page, 'identity.sign_out');
      await page.reload();
      await expect(page.locator('form')).toBeVisible();
      found.push(...(await findings(page, 'sign in')));
      expect(found).toEqual([]);
    });

    test('on the desktop', async ({ desktop }) => {
      const found = await findings(desktop, 'desktop');
      await furnish(desktop);
      await desktop.reload();
      await expect(desktop.locator('nav.dock')).toBeVisible();

      await desktop.keyboard.press('Control+k');
      await expect(desktop.getByRole('combobox')).toBeFocused();
      found.push(...(await findings(desktop, 'palette')));
      await desktop.keyboard.type('files.share');
      found.push(...(await findings(desktop, 'palette with a word')));
      await desktop.keyboard.press('Enter');
      await settle(desktop);
      found.push(...(await findings(desktop, "an operation's form")));
      await desktop.keyboard.press('Escape');
      await desktop.keyboard.press('Escape');
      await expect(desktop.getByRole('combobox')).toHaveCount(0);

      for (const app of apps) {
        await openApp(desktop, app);
        const window = appWindow(desktop, app);
        const tabs = await window.locator('[data-tab], [data-view]').evaluateAll((all) => all.map((tab) => (tab as HTMLElement).dataset['tab'] ?? (tab as HTMLElement).dataset['view'] ?? ''));
        for (const tab of tabs.length > 0 ? tabs : ['']) {
          if (tab) await window.locator(tabOf(tab)).click();
          await desktop.waitForLoadState('networkidle');
          // The page around it is the same for every tab.
          found.push(...(await findings(desktop, `${app} ${tab}`.trim(), tab === tabs[0] || !tab ? 'html' : `section.window[data-app="${app}"]`)));
          if ((locale === 'en-GB') === ['ask', 'memory', 'files'].includes(app)) found.push(...(await openEverything(desktop, app, tab)));
        }
        await desktop.keyboard.press('Control+Alt+w');
      }

      await openApp(desktop, 'ask');
      await appWindow(desktop, 'ask').locator('[data-question]').fill('Dunhuang October');
      await desktop.keyboard.press('Enter');
      await appWindow(desktop, 'ask').locator('[data-cite="1"]').click();
      await expect(appWindow(desktop, 'ask').getByRole('complementary')).toBeVisible();
      found.push(...(await findings(desktop, 'an answer and its item')));
      await desktop.keyboard.press('Control+Alt+w');

      await openApp(desktop, 'memory');
      await appWindow(desktop, 'memory').locator('[data-search]').fill('Dunhuang');
      await appWindow(desktop, 'memory').locator('[data-result]').first().click();
      await expect(appWindow(desktop, 'memory').locator('[data-item-text]')).toBeVisible();
      found.push(...(await findings(desktop, 'a search and its item')));
      await desktop.keyboard.press('Control+Alt+w');

      await desktop.setViewportSize({ width: 390, height: 844 });
      await openApp(desktop, 'memory');
      found.push(...(await findings(desktop, 'the memory on a phone')));
      await desktop.keyboard.press('Control+Alt+w');
      await openApp(desktop, 'files');
      found.push(...(await findings(desktop, 'files on a phone')));
      expect([...new Set(found)]).toEqual([]);
    });
  });
}

/** Presses every button of an app's pane that opens a dialog or a menu, one of each name, and looks at what it opens. */
async function openEverything(page: Page, app: string, tab: string): Promise<string[]> {
  const opens = 'dialog[open], [role="menu"]';
  const found: string[] = [];
  const pressed = new Set<string>(); // rows have the same ones
  const buttons = appWindow(page, app).locator('header ~ * button:visible:enabled:not([role="tab"], [data-opens])');
  const count = Math.min(await buttons.count(), 25);
  for (let index = 0; index < count; ++index) {
    const button = buttons.nth(index);
    let name: string | undefined;
    while (name === undefined && (await button.count()) > 0) { // live lists take buttons away while this goes through them
      name = await button
        .evaluate((element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim(), null, { timeout: 2000 })
        .catch(() => undefined);
    }
    if (name === undefined) break;
    if (pressed.has(name)) continue;
    pressed.add(name);
    await button.evaluate((element) => (element as HTMLElement).click(), null, { timeout: 2000 }).catch(() => undefined); // it may be gone
    await settle(page);
    const opened = page.locator(opens);
    const look = async () => {
      if ((await opened.count()) === 0) return;
      found.push(...(await findings(page, `${app} ${tab}: ${name}`, opens)));
      await expect(async () => {
        await page.keyboard.press('Escape'); // once more where another came late, that the button before had asked for
        await expect(opened).toHaveCount(0, { timeout: 2000 });
      }).toPass({ timeout: 10_000 });
    };
    await look();
    if (!tab) continue;
    await expect(async () => {
      await look(); // on a busy machine it may open later, over the tab
      await appWindow(page, app).locator(tabOf(tab)).evaluate((element) => (element as HTMLElement).click(), null, { timeout: 2000 });
    }).toPass({ timeout: 30_000 });
  }
  return found;
}
