import { appWindow, expect, openApp, test } from './fixtures';

// What a service worker fetches passes by the routes of a page.
test.use({ serviceWorkers: 'block' });

test('after an outage the first call that succeeds brings everything back', async ({ desktop }) => {
  let away = false;
  const streams: { close(): Promise<void> }[] = [];
  await desktop.routeWebSocket('**/events', (stream) => {
    if (away) return void stream.close();
    stream.connectToServer();
    streams.push(stream);
  });
  await desktop.route(/\/(api|assets)\//, (route) => (away ? route.abort() : route.continue()));
  await desktop.reload();
  await expect.poll(() => streams.length).toBe(1);
  const banner = desktop.locator('.connection');
  await openApp(desktop, 'system');
  const system = appWindow(desktop, 'system');

  away = true;
  await streams[0]?.close();
  await expect(banner).toBeVisible();
  // An app that is there and cannot read, and one that cannot be fetched.
  await system.locator('[data-tab="entrances"]').click();
  await expect(system.getByRole('alert')).toBeVisible();
  await openApp(desktop, 'activity');
  const activity = appWindow(desktop, 'activity');
  await expect(activity.getByRole('alert')).toBeVisible();
  await desktop.waitForTimeout(9000); // the pauses between attempts have grown

  away = false;
  const back = Date.now();
  await openApp(desktop, 'files');
  await expect(banner).toHaveCount(0);
  expect(Date.now() - back).toBeLessThan(2500);
  await expect(activity.getByRole('alert')).toHaveCount(0);
  await expect(activity.getByRole('tab', { name: 'Audit' })).toBeAttached();
  await expect(system.getByRole('alert')).toHaveCount(0);
  await expect(system).toContainText('No entrances');
});
