import { Box } from './box';
import { appWindow, expect, openApp, picture, place, test } from './fixtures';

test('windows move, snap, resize, and are where they were after a reload', async ({ desktop }) => {
  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  const before = await place(files);
  const bar = files.locator('header').first();
  const grip = (await bar.boundingBox())!;

  // Dragged to the left edge it takes the left half.
  await desktop.mouse.move(grip.x + 300, grip.y + 20);
  await desktop.mouse.down();
  await desktop.mouse.move(400, 400, { steps: 4 });
  await desktop.mouse.move(2, 420, { steps: 6 });
  await expect(desktop.locator('.preview')).toBeVisible();
  await desktop.mouse.up();
  await expect.poll(async () => (await place(files)).width).toBeLessThan(720);
  expect((await place(files)).x).toBeLessThan(12);

  // By keyboard: right half, then free again where it was.
  await desktop.keyboard.press('Control+Alt+ArrowRight');
  await expect.poll(async () => (await place(files)).width).toBe(before.width);
  await desktop.keyboard.press('Control+Alt+ArrowRight');
  await expect.poll(async () => (await place(files)).x).toBeGreaterThan(700);
  await desktop.keyboard.press('Control+Alt+ArrowUp');
  await desktop.keyboard.press('Control+Alt+ArrowUp');
  await expect.poll(async () => (await place(files)).width).toBe(1440);
  await desktop.keyboard.press('Control+Alt+ArrowDown');

  // The corner resizes.
  const now = await place(files);
  await desktop.mouse.move(now.x + now.width + 1, now.y + now.height + 1);
  await desktop.mouse.down();
  await desktop.mouse.move(now.x + now.width - 150, now.y + now.height - 100, { steps: 5 });
  await desktop.mouse.up();
  await expect.poll(async () => Math.round((await place(files)).width)).toBeLessThan(now.width - 140);
  const kept = await place(files);
  await desktop.reload();
  await expect(files).toBeVisible();
  await expect.poll(async () => (await place(files)).width).toBe(kept.width);
  expect(Math.round((await place(files)).x)).toBe(Math.round(kept.x));
});

test('the keyboard reaches everything', async ({ desktop }) => {
  await desktop.keyboard.press('Tab');
  await expect(desktop.getByRole('link', { name: 'Skip to the desktop' })).toBeFocused();
  await desktop.keyboard.press('Control+k');
  await expect(desktop.getByRole('combobox')).toBeFocused();
  await desktop.keyboard.type('system');
  await desktop.keyboard.press('Enter');
  const system = appWindow(desktop, 'system');
  await expect(system).toBeFocused();
  await desktop.keyboard.press('Tab');
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByRole('menu')).toBeVisible();
  await desktop.keyboard.press('m');
  await desktop.keyboard.press('Escape');
  await expect(desktop.getByRole('menu')).toHaveCount(0);
  await desktop.keyboard.press('Control+Alt+w');
  await expect(system).toHaveCount(0);

  // A dialog keeps the focus inside and gives it back.
  await openApp(desktop, 'activity');
  await appWindow(desktop, 'activity').locator('[data-tab="grants"]').click();
  const button = appWindow(desktop, 'activity').getByRole('button', { name: 'New grant' });
  await button.focus();
  await desktop.keyboard.press('Enter');
  for (let step = 0; step < 14; ++step) {
    await desktop.keyboard.press('Tab');
    expect(await desktop.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null)).toBe(true);
  }
  await desktop.keyboard.press('Escape');
  await expect(button).toBeFocused();
});

test('language and theme change at once and stay', async ({ desktop }) => {
  await desktop.getByRole('button', { name: 'Language' }).click();
  await desktop.getByRole('menuitemradio', { name: '简体中文' }).click();
  await expect(desktop.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await desktop.getByRole('button', { name: '外观' }).click();
  await desktop.getByRole('menuitemradio', { name: '深色' }).click();
  await expect(desktop.locator('html')).toHaveAttribute('data-theme', 'dark');
  await desktop.reload();
  await expect(desktop.getByRole('button', { name: '外观' })).toBeVisible();
  await expect(desktop.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a menu gives the focus back to where it was', async ({ desktop }) => {
  const language = desktop.getByRole('button', { name: 'Language' });
  await language.focus();
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByRole('menu')).toBeVisible();
  await desktop.keyboard.press('Escape');
  await expect(desktop.getByRole('menu')).toHaveCount(0);
  await expect(language).toBeFocused();

  await openApp(desktop, 'files');
  const files = appWindow(desktop, 'files');
  await files.locator('[data-action="new-folder"]').click();
  await desktop.getByLabel('Name', { exact: true }).fill('Papers');
  await desktop.keyboard.press('Enter');
  await expect(files.locator('[data-name="Papers"]')).toBeVisible();
  const grid = files.locator('[data-files]');
  await grid.focus();
  await desktop.keyboard.press('Home');
  await desktop.keyboard.press('Shift+F10');
  await expect(desktop.getByRole('menu')).toBeVisible();
  await desktop.keyboard.press('Escape');
  await expect(grid).toBeFocused();

  // What a choice opens has the focus, and gives it back to the same place.
  await desktop.keyboard.press('Shift+F10');
  await desktop.getByRole('menuitem', { name: 'Rename' }).press('Enter');
  await expect(desktop.getByLabel('Name', { exact: true })).toBeFocused();
  await desktop.keyboard.press('Escape');
  await expect(grid).toBeFocused();
});

test('what is typed right after Ctrl K arrives', async ({ desktop }) => {
  await desktop.reload();
  await expect(desktop.locator('nav.dock')).toBeVisible();
  await desktop.keyboard.press('Control+k');
  await desktop.keyboard.type('system');
  await expect(desktop.getByRole('combobox')).toHaveValue('system');
  await desktop.keyboard.press('Escape');
  await expect(desktop.getByRole('combobox')).toHaveCount(0);
});

test('among all apps a few letters lead to one, or are told that none fits', async ({ desktop }) => {
  await desktop.getByRole('button', { name: 'All apps' }).click();
  const apps = desktop.getByRole('dialog', { name: 'All apps' });
  await expect(apps).toBeVisible();
  await desktop.keyboard.type('mem');
  await expect(apps.getByRole('button', { name: 'Memory' })).toBeFocused();
  await desktop.keyboard.type('xyz');
  await expect(apps.getByRole('status')).toHaveText('No app is called “memxyz”.');
  await desktop.keyboard.press('Backspace');
  await desktop.keyboard.press('Escape');
  await expect(apps).toHaveCount(0);
});

test('English is set in a Latin face, also where a Chinese one is installed', async ({ desktop }) => {
  const widths = await desktop.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d')!;
    const style = getComputedStyle(document.querySelector('h1')!);
    return [getComputedStyle(document.body).fontFamily, style.fontFamily].flatMap((face) => {
      context.font = `100px ${face}`;
      return [...'’“”'].map((sign) => context.measureText(sign).width);
    });
  });
  for (const width of widths) expect(width).toBeLessThan(70);
});

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test(`the desktop and its live system view, ${scheme}`, async ({ desktop }) => {
      await expect(desktop.getByRole('heading', { level: 1 })).toContainText('Robin');
      await picture(desktop, `desktop-${scheme}`);
      await openApp(desktop, 'system');
      const system = appWindow(desktop, 'system');
      await expect(system.getByRole('img', { name: 'Processor' })).toBeVisible();
      await expect(system).toContainText(/Load \d+\.\d\d, \d+\.\d\d, \d+\.\d\d/);
      await expect(system.locator('.line').first()).toHaveAttribute('d', /L/, { timeout: 8000 });
      if (scheme === 'dark') await picture(desktop, 'system');
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' });

  test('one app fills the screen, the dock is at the thumb', async ({ desktop }) => {
    await picture(desktop, 'phone-home');
    for (const app of ['files', 'ask', 'activity', 'people', 'system']) {
      await desktop.locator(`[data-dock="${app}"]`).tap();
      const frame = await place(appWindow(desktop, app));
      expect(frame.width).toBe(390);
      expect(await desktop.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    }
    const dock = (await desktop.locator('nav.dock').boundingBox())!;
    expect(dock.y + dock.height).toBeGreaterThan(840);
    await desktop.locator('[data-dock="files"]').tap();
    await picture(desktop, 'phone-files');
    await desktop.getByRole('button', { name: '主屏' }).tap();
    await expect(appWindow(desktop, 'files')).toBeHidden();
  });
});

// How quick it is, bench/first_load.mjs tells.
test('the first load is small', async ({ page, unclaimed }) => {
  await page.goto(unclaimed.address);
  await expect(page.getByRole('button', { name: 'Claim the box' })).toBeVisible();
  const script = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry.name.endsWith('.js'))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
  );
  expect(script).toBeGreaterThan(10_000);
  expect(script).toBeLessThan(120_000);
});

test.describe('as an app of its own', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page installs, and has something to say without its box', async ({ page, unclaimed }) => {
    await page.goto(unclaimed.address);
    const manifest = await page.evaluate(async () => (await (await fetch('/manifest.webmanifest')).json()) as { icons: { src: string }[] });
    for (const icon of manifest.icons) {
      const answer = await page.evaluate(async (src) => (await fetch(src)).status, icon.src);
      expect(answer).toBe(200);
    }
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await page.reload();
    // It goes away itself: what a service worker fetches knows nothing of a page that is offline.
    await unclaimed.end();
    await page.goto(unclaimed.address);
    await expect(page.getByRole('heading', { name: 'The box does not answer' })).toBeVisible();
    await expect(page.locator('main')).toContainText('looks again every few seconds');
    expect(await page.evaluate(() => getComputedStyle(document.body).display)).toBe('grid');
    expect(await page.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    expect(await page.getByRole('heading').count()).toBe(1);

    const back = await Box.start(unclaimed.home, Number(new URL(unclaimed.address).port));
    await expect(page.getByRole('button', { name: 'Claim the box' })).toBeVisible();
    await back.stop();
  });
});
