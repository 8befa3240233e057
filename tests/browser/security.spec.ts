import { createHmac } from 'node:crypto';
import { appWindow, call, expect, openApp, password, person, test } from './fixtures';

/** RFC 6238, as an authenticator app computes it. */
function oneTimeCode(secret: string, at = Date.now()): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/[\s=]/g, '').toUpperCase()].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest[19] ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function signOut(page: import('@playwright/test').Page) {
  await page.getByRole('button', { name: /account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
}

test('one-time codes: turn on, sign in with one, sign in with a recovery code', async ({ desktop }) => {
  await openApp(desktop, 'people');
  const people = appWindow(desktop, 'people');
  await people.locator('[data-action="codes"]').click();
  await expect(desktop.getByRole('img', { name: /QR code/ })).toBeVisible();
  const secret = await desktop.getByLabel('Or type this key').inputValue();
  await desktop.getByLabel('Code that the app shows now').fill('000000');
  await desktop.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
  await expect(desktop.getByRole('alert')).toBeVisible();
  await desktop.getByLabel('Code that the app shows now').fill(oneTimeCode(secret));
  await desktop.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
  await expect(desktop.locator('[data-recovery] li')).toHaveCount(10);
  const recovery = await desktop.locator('[data-recovery] li').allInnerTexts();
  await desktop.getByLabel('I have kept them').check();
  await desktop.getByRole('button', { name: 'Done' }).click();
  await expect(people.getByText('Signing in asks for a code')).toBeVisible();

  await signOut(desktop);
  await desktop.getByLabel('Sign-in name').fill(person.name);
  await desktop.getByLabel('Password', { exact: true }).fill('not the password');
  await desktop.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(desktop.getByRole('alert')).toBeVisible();
  await desktop.getByLabel('Password', { exact: true }).fill(password);
  await desktop.getByRole('button', { name: 'Sign in', exact: true }).click();
  // The code that turned them on is used up: the one of the next half minute is taken too.
  await desktop.getByLabel('One-time or recovery code').fill(oneTimeCode(secret, Date.now() + 30_000));
  await desktop.getByRole('button', { name: 'Continue' }).click();
  await expect(desktop.locator('nav.dock')).toBeVisible();

  await signOut(desktop);
  await desktop.getByLabel('Password', { exact: true }).fill(password);
  await desktop.getByRole('button', { name: 'Sign in', exact: true }).click();
  await desktop.getByLabel('One-time or recovery code').fill(recovery[3] ?? '');
  await desktop.getByRole('button', { name: 'Continue' }).click();
  await expect(desktop.getByText('You used a recovery code. 9 are left.')).toBeVisible();
});

test('a passkey is made and signs in', async ({ desktop }) => {
  const browser = await desktop.context().newCDPSession(desktop);
  await browser.send('WebAuthn.enable');
  await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await openApp(desktop, 'people');
  const people = appWindow(desktop, 'people');
  await people.locator('[data-action="passkey"]').click();
  await desktop.getByLabel('Name of the passkey').fill('Laptop');
  await desktop.getByRole('dialog').getByRole('button', { name: 'Continue' }).click();
  await expect(people.locator('[data-passkey="Laptop"]')).toBeVisible();
  await signOut(desktop);
  await desktop.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(desktop.locator('nav.dock')).toBeVisible();
  const state = await call<{ two_factor: boolean }>(desktop, 'identity.state');
  expect(state.two_factor).toBe(true);
});

test('a device that is signed out elsewhere leaves at once', async ({ desktop, browser, box }) => {
  const other = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await other.goto(box.address);
  await other.getByLabel('Sign-in name').fill(person.name);
  await other.getByLabel('Password', { exact: true }).fill(password);
  await other.keyboard.press('Enter');
  await expect(other.locator('nav.dock')).toBeVisible();

  await openApp(desktop, 'people');
  const people = appWindow(desktop, 'people');
  await people.locator('[data-tab="devices"]').click();
  await people.locator('[data-device="other"]').getByRole('button', { name: 'Sign out' }).click();
  await expect(people.locator('[data-device]')).toHaveCount(1);
  await expect(other.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await other.context().close();
});

test('the owner invites somebody, who joins with the code and sees only their own', async ({ desktop, browser, box }) => {
  await call(desktop, 'files.write', { path: '/Private.txt', text: 'mine\n' });
  await openApp(desktop, 'people');
  const people = appWindow(desktop, 'people');
  await people.locator('[data-tab="people"]').click();
  await people.getByRole('button', { name: 'Invite', exact: true }).click();
  await desktop.getByLabel('Name', { exact: true }).fill('Kim');
  await desktop.getByRole('button', { name: 'Make the code' }).click();
  const code = await desktop.getByRole('textbox', { name: 'Code' }).inputValue();
  await desktop.getByRole('button', { name: 'Done' }).click();

  const guest = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  await guest.goto(box.address);
  await guest.getByRole('button', { name: '我有主人给的代码' }).click();
  await guest.getByLabel('代码', { exact: true }).fill(code);
  await guest.getByLabel('你的名字').fill('Kim');
  await guest.getByLabel('密码', { exact: true }).fill('rivers carry small stones');
  await guest.getByRole('button', { name: '继续' }).click();
  await expect(guest.locator('nav.dock')).toBeVisible();
  await openApp(guest, 'files');
  await expect(appWindow(guest, 'files')).toContainText('这里还没有内容');
  await guest.context().close();
});

test('changing the password wants the old one', async ({ desktop }) => {
  await openApp(desktop, 'people');
  const people = appWindow(desktop, 'people');
  await people.getByRole('button', { name: 'Change' }).click();
  await desktop.getByLabel('Current password').fill('wrong wrong wrong');
  await desktop.getByLabel('New password').fill('a lantern for each window');
  await desktop.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
  await expect(desktop.getByRole('alert')).toBeVisible();
  await desktop.getByLabel('Current password').fill(password);
  await desktop.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
  await expect(desktop.getByText('The password is changed.')).toBeVisible();
});

test('somebody sent here by an app signs in and is sent on, with a second factor where the app wants one', async ({ desktop, box }) => {
  await signOut(desktop);
  const asked: string[] = [];
  desktop.on('request', (request) => asked.push(request.url()));
  const state = '0123456789abcdef0123';
  await desktop.goto(`${box.address}/?enter=notes&return=%2Fpage&state=${state}`);
  await expect(desktop.getByText('Sign in to go on to notes.')).toBeVisible();
  await desktop.getByLabel('Sign-in name').fill(person.name);
  await desktop.getByLabel('Password', { exact: true }).fill(password);
  await desktop.keyboard.press('Enter');
  await desktop.waitForURL((url) => url.hostname.startsWith('notes.'));
  expect(asked).toContain(`${box.address}/enter?entrance=notes&return=%2Fpage&state=${state}`);

  await desktop.goto(`${box.address}/?enter=notes&return=%2F&state=${state}&two_factor=1`);
  await expect(desktop.getByRole('heading', { name: 'One factor more' })).toBeVisible();
  await desktop.getByRole('button', { name: 'Go to the desktop' }).click();
  await expect(desktop.locator('nav.dock')).toBeVisible();
  expect(new URL(desktop.url()).search).toBe('');
});
