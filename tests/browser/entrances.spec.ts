import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appWindow, call, expect, openApp, password, person, test as base } from './fixtures';

/** An app that shows who the box says is there, and keeps the headers it was given. */
const test = base.extend<{ app: { port: number; seen: IncomingHttpHeaders[] } }>({
  // eslint-disable-next-line no-empty-pattern
  app: async ({}, use) => {
    const seen: IncomingHttpHeaders[] = [];
    const server: Server = createServer((request, response) => {
      seen.push(request.headers);
      const name = decodeURIComponent(String(request.headers['x-hearth-name'] ?? 'nobody'));
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><title>Notes</title><h1>Hello ${name}</h1><p>${request.url ?? ''}</p>`);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    await use({ port: (server.address() as AddressInfo).port, seen });
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  },
});

test('a name that an entrance cannot have is told in the language of the desktop', async ({ desktop }) => {
  await openApp(desktop, 'system');
  const system = appWindow(desktop, 'system');
  await system.locator('[data-tab="entrances"]').click();
  await system.getByRole('button', { name: 'New entrance' }).click();
  const name = desktop.getByRole('dialog').getByLabel('Name', { exact: true });
  const says = () => name.evaluate((field: HTMLInputElement) => field.validationMessage);
  await name.fill('My Wiki');
  expect(await says()).toBe('Only small letters, digits and dashes, with a letter or digit at both ends.');
  await name.fill('my-wiki');
  expect(await says()).toBe('');
});

test('an entrance is made, changed and removed', async ({ desktop }) => {
  await openApp(desktop, 'system');
  const system = appWindow(desktop, 'system');
  await system.locator('[data-tab="entrances"]').click();
  await system.getByRole('button', { name: 'New entrance' }).click();
  const form = desktop.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill('notes');
  await form.getByLabel('Leads to').fill('nowhere at all');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('alert')).toContainText('127.0.0.1:3000');
  await form.getByLabel('Leads to').fill('127.0.0.1:3000');
  await form.getByRole('button', { name: 'Add' }).click();
  await form.getByLabel('Path', { exact: true }).fill('/public');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(system.locator('[data-entrance="notes"]')).toContainText('127.0.0.1:3000');
  await expect(system.locator('[data-entrance="notes"]')).toContainText('/public');

  await system.getByRole('button', { name: 'Edit notes' }).click();
  await form.getByLabel('Who may pass').first().selectOption('two_factor');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(system.locator('[data-entrance="notes"]')).toContainText('With a second factor');

  await system.getByRole('button', { name: 'Key of notes' }).click();
  await expect(form.getByLabel('Key', { exact: true })).toHaveValue(/^[\w-]{43}$/);
  await form.getByRole('button', { name: 'Done' }).click();

  await system.getByRole('button', { name: 'Remove notes' }).click();
  await form.getByRole('button', { name: 'Remove' }).click();
  await expect(system.locator('[data-entrance]')).toHaveCount(0);
});

test('a private entrance signs in by the hand-over, and out with the desktop', async ({ desktop, app, browser, box }) => {
  await call(desktop, 'entrances.set', { id: 'notes', upstream: `127.0.0.1:${app.port}`, access: 'private' });
  const address = box.address.replace('://', '://notes.');

  const visitor = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await visitor.goto(`${address}/a/page?x=1`);
  expect(app.seen).toHaveLength(0);
  expect(visitor.url().startsWith(`${box.address}/`)).toBe(true);
  await expect(visitor.getByText('notes')).toBeVisible();
  await visitor.getByLabel('Sign-in name').fill(person.name);
  await visitor.getByLabel('Password', { exact: true }).fill(password);
  await visitor.getByRole('button', { name: 'Sign in', exact: true }).click();

  // Back where they wanted to go; the app knows who came, and nothing of their sessions.
  await expect(visitor.getByRole('heading')).toHaveText(`Hello ${person.display_name}`);
  expect(visitor.url()).toBe(`${address}/a/page?x=1`);
  await expect(visitor.locator('p')).toHaveText('/a/page?x=1');
  expect(app.seen[0]?.['x-hearth-role']).toBe('owner');
  expect(app.seen[0]?.cookie ?? '').not.toContain('hearth');
  const cookies = await visitor.context().cookies();
  const here = cookies.filter((cookie) => cookie.domain === new URL(address).hostname);
  expect(here.map((cookie) => cookie.name)).toEqual(['hearth_entrance']);

  // Whoever is signed in to the desktop already passes without a word.
  const second = await desktop.context().newPage();
  await second.goto(address);
  await expect(second.getByRole('heading')).toHaveText(`Hello ${person.display_name}`);
  await second.close();

  // The visitor's session ends on the desktop: the app's address asks again.
  const { devices } = await call<{ devices: { id: string; current: boolean }[] }>(desktop, 'identity.devices');
  for (const device of devices.filter((one) => !one.current)) await call(desktop, 'identity.revoke_device', { id: device.id });
  await visitor.goto(address);
  await expect(visitor.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await visitor.context().close();
});

test('an app that does not answer is explained in both languages', async ({ desktop, box }) => {
  await call(desktop, 'entrances.set', { id: 'notes', upstream: '127.0.0.1:1', access: 'public' });
  const page = await desktop.context().newPage();
  const answer = await page.goto(box.address.replace('://', '://notes.'));
  expect(answer?.status()).toBe(502);
  await expect(page.locator('body')).toContainText('The app does not answer');
  await expect(page.locator('[lang="zh-CN"]')).toContainText('应用没有响应');
  await page.close();
});
