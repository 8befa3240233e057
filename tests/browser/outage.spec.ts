import { appWindow, expect, openApp, test } from './fixtures';

test('after an outage the first call that succeeds brings everything back', async ({ desktop }) => {
  let away = false;
  let attempts = 0;
  const streams: { close(): Promise<void> }[] = [];
  await desktop.routeWebSocket('**/events', (stream) => {
    attempts += 1;
    if (away) return void stream.close();
    stream.connectToServer();
    streams.push(stream);
  });
  await desktop.route(/\/(api|assets)\//, (route) => (away ? route.abort() : route.continue()));
  await desktop.clock.install();
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

  // From here on time passes only as the test lets it: between two attempts of its own, the page waits for a call.
  await desktop.clock.pauseAt(Date.now() + 60_000);
  let before;
  do {
    before = attempts;
    await desktop.clock.runFor(1500);
  } while (attempts !== before);
  away = false;
  await openApp(desktop, 'files');
  await expect(banner).toHaveCount(0);
  await expect(activity.getByRole('alert')).toHaveCount(0);
  await expect(activity.getByRole('tab', { name: 'Audit' })).toBeAttached();
  await expect(system.getByRole('alert')).toHaveCount(0);
  await expect(system).toContainText('No entrances');
});
