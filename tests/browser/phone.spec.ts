// What a phone's width must not break: nothing is cut, nothing runs out, nothing is written letter under letter.
import type { Locator, Page } from '@playwright/test';
import { appWindow, call, expect, openApp, test } from './fixtures';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** How many lines a thing's text takes. */
function lines(thing: Locator): Promise<number> {
  return thing.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map((rect) => Math.round(rect.bottom / 4))).size;
  });
}

/** How wide a field's placeholder is, beyond what shows of it. */
function placeholderCut(field: Locator): Promise<number> {
  return field.evaluate((element: HTMLInputElement) => {
    const style = getComputedStyle(element);
    const context = document.createElement('canvas').getContext('2d')!;
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    return context.measureText(element.placeholder).width - (element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
  });
}

async function tabsFit(page: Page, app: string): Promise<void> {
  const list = appWindow(page, app).getByRole('tablist');
  expect(await list.evaluate((element) => element.scrollWidth - element.clientWidth), app).toBeLessThanOrEqual(0);
}

for (const locale of ['en-GB', 'zh-CN']) {
  test.describe(locale, () => {
    test.use({ locale });

    test('the home asks its whole question; every tab can be read', async ({ desktop }) => {
      expect(await placeholderCut(desktop.locator('.home input'))).toBeLessThanOrEqual(0);
      for (const app of ['people', 'activity', 'system']) {
        await openApp(desktop, app);
        await tabsFit(desktop, app);
        const [title, search] = [(await desktop.locator('.bar .title').boundingBox())!, (await desktop.locator('.bar .search').boundingBox())!];
        expect(title.x + title.width, app).toBeLessThanOrEqual(search.x);
      }
    });

    test('account, entrances, grants and the audit keep their words together', async ({ desktop }) => {
      await call(desktop, 'entrances.set', { id: 'wiki', upstream: '127.0.0.1:9', access: 'two_factor' });
      await openApp(desktop, 'people');
      const people = appWindow(desktop, 'people');
      await people.locator('[data-tab="devices"]').tap();
      expect(await lines(people.locator('.compact li .grow').first())).toBe(1);

      await openApp(desktop, 'system');
      const system = appWindow(desktop, 'system');
      await system.locator('[data-tab="entrances"]').tap();
      expect(await lines(system.locator('[data-entrance="wiki"] code').first())).toBe(1);

      await openApp(desktop, 'activity');
      const activity = appWindow(desktop, 'activity');
      await activity.locator('[data-tab="audit"]').tap();
      for (const field of await activity.locator('.filters input').all()) expect(await placeholderCut(field)).toBeLessThanOrEqual(0);
      await activity.locator('[data-tab="grants"]').tap();
      await activity.getByRole('button', { name: /New grant|新建授权/ }).tap();
      const [ends, uses] = [(await desktop.locator('#grant-until').boundingBox())!, (await desktop.locator('#grant-uses').boundingBox())!];
      expect(uses.y === ends.y || uses.y > ends.y + ends.height).toBe(true);
      const body = (await desktop.locator('dialog .body').boundingBox())!;
      for (const field of [ends, uses]) expect(field.x + field.width).toBeLessThanOrEqual(body.x + body.width - 16);
    });

    test('what is chosen, a span of days and the filters of a search fit', async ({ desktop }) => {
      await call(desktop, 'files.make_folder', { path: '/Notes' });
      await call(desktop, 'files.write', { path: '/Notes/Snow.md', text: '# Snow\n\nIt snowed all night.\n' });
      await call(desktop, 'files.write', { path: '/Letter.txt', text: 'x' });
      await openApp(desktop, 'files');
      const files = appWindow(desktop, 'files');
      await files.locator('[data-name="Letter.txt"] .more button').tap();
      await desktop.keyboard.press('Escape');
      const footer = files.locator('footer');
      await expect(footer.getByRole('button')).toHaveCount(3);
      expect(await lines(footer.locator('span').first())).toBe(1);
      expect(await footer.evaluate((element) => [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight])).toEqual([0, 0]);

      const { job } = await call<{ job: string }>(desktop, 'memory.import', { kind: 'folder', path: '/Notes' });
      await expect.poll(async () => (await call<{ state: string }>(desktop, 'jobs.get', { id: job })).state).toBe('done');
      await openApp(desktop, 'memory');
      const memory = appWindow(desktop, 'memory');
      for (const name of await memory.locator('[data-view] .name').all()) expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
      await memory.locator('[data-search]').fill('snowed');
      await expect(memory.locator('[data-result]')).toHaveCount(1);
      const save = (await memory.locator('[data-save]').boundingBox())!;
      expect(save.x + save.width).toBeLessThanOrEqual(390);
      await memory.locator('[data-search]').fill('');

      await memory.locator('[data-view="sources"]').tap();
      await memory.getByRole('button', { name: /Add a source|添加来源/ }).tap();
      const kinds = desktop.getByRole('dialog').getByRole('tablist');
      expect(await kinds.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
      await desktop.keyboard.press('Escape');
      await memory.locator('[data-forget-time]').tap();
      const body = (await desktop.locator('dialog .body').boundingBox())!;
      const to = (await desktop.locator('#forget-to').boundingBox())!;
      expect(to.x + to.width).toBeLessThanOrEqual(body.x + body.width - 16);
    });
  });
}
