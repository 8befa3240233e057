import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appWindow, call, expect, holdBack, openApp, picture, test } from './fixtures';

test('a run asks, the person answers', async ({ desktop }) => {
  await call(desktop, 'files.write', { path: '/Agenda.txt', text: 'Tea at five.\n' });
  const { token, principal } = await call<{ token: string; principal: string }>(desktop, 'identity.create_token', { kind: 'run', name: 'Planner' });

  // Allowed once.
  const first = call<{ text: string }>(desktop, 'files.read', { path: '/Agenda.txt' }, token);
  await expect(desktop.getByRole('button', { name: 'Notifications: 1 waiting' })).toBeVisible();
  await desktop.getByRole('button', { name: 'Notifications: 1 waiting' }).click();
  const card = desktop.locator('[data-approval]').first();
  await expect(card).toContainText('Planner');
  await expect(card.locator('p').first()).not.toContainText(principal);
  await expect(card).toContainText('files.read');
  await expect(card).toContainText('/Agenda.txt');
  await picture(desktop, 'approval');
  await card.getByRole('button', { name: 'Allow once' }).click();
  expect((await first).text).toContain('Tea at five.');
  await desktop.keyboard.press('Escape');

  // Denied.
  const second = call(desktop, 'files.list', { path: '/' }, token).then(
    () => 'allowed',
    (error: Error) => error.message,
  );
  await openApp(desktop, 'activity');
  const activity = appWindow(desktop, 'activity');
  await activity.locator('[data-tab="approvals"]').click();
  await activity.locator('[data-approval]').first().getByRole('button', { name: 'Deny' }).click();
  expect(await second).toContain('denied');

  // A grant answers beforehand.
  await activity.locator('[data-tab="grants"]').click();
  await activity.getByRole('button', { name: 'New grant' }).click();
  await desktop.getByLabel('Who', { exact: true }).selectOption({ label: 'Planner (Agent run)' });
  await desktop.getByLabel('Which operations').fill('files.list');
  await desktop.getByRole('button', { name: 'Give the grant' }).click();
  await expect(activity.locator(`[data-grant="${principal}"]`)).toContainText('files.list');
  await call(desktop, 'files.list', { path: '/' }, token);
});

test('always allowing an approval becomes a grant, which can be revoked', async ({ desktop }) => {
  await call(desktop, 'files.make_folder', { path: '/Recipes' });
  const { token, principal } = await call<{ token: string; principal: string }>(desktop, 'identity.create_token', { kind: 'run', name: 'Cook' });
  const first = call(desktop, 'files.list', { path: '/Recipes' }, token);
  await openApp(desktop, 'activity');
  const activity = appWindow(desktop, 'activity');
  await activity.locator('[data-tab="approvals"]').click();
  await activity.locator('[data-approval]').first().getByRole('button', { name: 'Always allow' }).click();
  await first;
  await expect(activity.locator('[data-approval]').first()).toContainText('Always allowed');

  // The same call goes through without asking; another folder is asked for.
  await call(desktop, 'files.list', { path: '/Recipes' }, token);
  await activity.locator('[data-tab="grants"]').click();
  await expect(activity.locator(`[data-grant="${principal}"]`)).toContainText('files:/Recipes');
  const elsewhere = call(desktop, 'files.list', { path: '/' }, token).then(
    () => 'allowed',
    (error: Error) => error.message,
  );
  await activity.locator('[data-tab="approvals"]').click();
  await activity.locator('[data-approval]').filter({ hasText: 'Deny' }).getByRole('button', { name: 'Deny' }).click();
  expect(await elsewhere).toContain('denied');

  await activity.locator('[data-tab="grants"]').click();
  await activity.locator(`[data-grant="${principal}"]`).getByRole('button', { name: 'Revoke' }).click();
  await desktop.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(activity.locator('[data-grant]')).toHaveCount(0);
});

test('an import is cancelled, and read to its end another time', async ({ desktop, box }) => {
  // Enough mails that the box is still at it when the button is pressed.
  const mails = Array.from({ length: 40_000 }, (_, n) =>
    [`From ann@example.org Mon Jan  2 08:00:00 2023`, `From: ann@example.org`, `Subject: Letter ${n}`, `Message-ID: <${n}@example.org>`, '', `This is letter ${n} about the garden.`, '', ''].join('\n'),
  );
  const path = join(box.home, '..', `${box.home.split('/').pop() ?? ''}.mbox`);
  writeFileSync(path, mails.join(''));
  try {
    await openApp(desktop, 'activity');
    const activity = appWindow(desktop, 'activity');
    await activity.locator('[data-tab="jobs"]').click();
    const { job } = await call<{ job: string }>(desktop, 'memory.import', { kind: 'mail', path, name: 'Letters' });
    const row = activity.locator(`[data-job="${job}"]`);
    await row.getByRole('button', { name: 'Cancel “Read mail”' }).click();
    await expect(row).toContainText('Cancelled');
    const ended = await call<{ state: string }>(desktop, 'jobs.get', { id: job });
    expect(ended.state).toBe('cancelled');
    const { sources } = await call<{ sources: { items: number }[] }>(desktop, 'memory.sources');
    expect(sources).toHaveLength(1);
    expect(sources[0]?.items).toBeLessThan(mails.length);
  } finally {
    rmSync(path, { force: true });
  }
});

test('the audit lists, filters and verifies', async ({ desktop }) => {
  await call(desktop, 'files.make_folder', { path: '/Ledger' });
  await openApp(desktop, 'activity');
  const activity = appWindow(desktop, 'activity');
  await activity.locator('[data-tab="audit"]').click();
  await activity.getByLabel('Operation', { exact: true }).fill('files.make_folder');
  await expect(activity.getByRole('row')).toHaveCount(2);
  await expect(activity.getByRole('row').last()).toContainText('/Ledger');
  await activity.getByRole('button', { name: 'Verify' }).click();
  await expect(activity.locator('[data-verdict="ok"]')).toContainText('The chain is whole');
  await picture(desktop, 'audit');
});

for (const [locale, viewport] of [
  ['en-GB', { width: 1440, height: 900 }],
  ['zh-CN', { width: 390, height: 844 }],
] as const) {
  test.describe(`read by a person in ${locale}`, () => {
    test.use({ locale, viewport });

    test('grants and the audit name who, and say how it ended', async ({ desktop }) => {
      const { token, principal } = await call<{ token: string; principal: string }>(desktop, 'identity.create_token', { kind: 'app', name: 'Kitchen list' });
      await call(desktop, 'grants.create', { principal, operations: ['files.list'] });
      await call(desktop, 'files.list', { path: '/' }, token);
      await call(desktop, 'files.list', { path: '/nowhere' }, token).catch(() => undefined);
      await call(desktop, 'files.read', { path: '/nowhere' }, token).catch(() => undefined);
      await openApp(desktop, 'activity');
      const activity = appWindow(desktop, 'activity');
      await activity.locator('[data-tab="grants"]').click();
      await expect(activity.locator(`[data-grant="${principal}"] strong`)).toHaveText('Kitchen list');

      await activity.locator('[data-tab="audit"]').click();
      const table = activity.getByRole('table');
      await expect(table.getByRole('columnheader')).toHaveCount(5);
      const heads = locale === 'en-GB' ? ['No.', 'Time', 'Caller', 'Operation', 'Outcome'] : ['序号', '时间', '调用者', '操作', '结果'];
      expect(await table.getByRole('columnheader').allTextContents()).toEqual(heads);
      const done = table.getByRole('row').filter({ hasText: 'Kitchen list' }).filter({ hasText: locale === 'en-GB' ? 'Done' : '成功' });
      await expect(done.first()).toBeVisible();
      await expect(table.getByRole('row').filter({ hasText: 'Robin' }).first()).toBeVisible();
      await expect(table).not.toContainText(/person:|app:/);
      await activity.locator('.filters select').selectOption({ label: locale === 'en-GB' ? 'Not found' : '未找到' });
      await expect(table.getByRole('row')).toHaveCount(2);
      await expect(table.getByRole('row').last()).toContainText('/nowhere');
    });
  });
}

test('a grant is given to a token by its name, and says what does not fit', async ({ desktop }) => {
  await openApp(desktop, 'activity');
  const activity = appWindow(desktop, 'activity');
  await activity.locator('[data-tab="grants"]').click();
  await activity.getByRole('button', { name: 'New grant' }).click();
  // Without tokens there is only the field.
  await desktop.getByLabel('Who', { exact: true }).fill('somebody');
  await desktop.getByLabel('Which operations').fill('files.list');
  await desktop.getByRole('button', { name: 'Give the grant' }).click();
  await expect(desktop.getByRole('alert')).toContainText('“Who” must begin with app:, run:, device: or peer:');
  await desktop.keyboard.press('Escape');

  const { principal } = await call<{ principal: string }>(desktop, 'identity.create_token', { kind: 'app', name: 'Kitchen list' });
  await activity.getByRole('button', { name: 'New grant' }).click();
  const who = desktop.getByLabel('Who', { exact: true });
  await expect(who.locator('option')).toHaveText(['Kitchen list (App)', 'Another caller…']);
  await expect(who).toBeFocused();
  const operations = desktop.getByLabel('Which operations');
  const list = desktop.locator(`#${(await operations.getAttribute('list')) ?? ''}`);
  await expect(list.locator('option[value="files.read"]')).toBeAttached();
  await expect(list.locator('option[value="files.*"]')).toBeAttached();
  await operations.fill('files.list files.read');
  await desktop.getByRole('button', { name: 'Give the grant' }).click();
  await expect(activity.locator(`[data-grant="${principal}"]`)).toContainText('files.read');

  // Who was chosen stays chosen, though the tokens are read anew.
  const letGo = await holdBack(desktop, '**/api/identity.tokens');
  const read = desktop.waitForResponse('**/api/identity.tokens');
  await activity.getByRole('button', { name: 'New grant' }).click();
  await who.selectOption({ label: 'Another caller…' });
  letGo();
  await read;
  await desktop.getByLabel('Caller', { exact: true }).fill('run:*');
  await operations.fill('files.list');
  await desktop.getByRole('button', { name: 'Give the grant' }).click();
  await expect(activity.locator('[data-grant="run:*"]')).toContainText('files.list');
});

test('every operation is in the palette, with a form that checks what is typed', async ({ desktop }) => {
  await desktop.keyboard.press('Control+k');
  const palette = desktop.getByRole('combobox');
  await expect(palette).toBeFocused();
  const { operations } = await call<{ operations: { name: string; audience: string }[] }>(desktop, 'kernel.operations');
  for (const name of ['files.make_folder', 'grants.create', 'identity.confirm', 'system.watch']) {
    expect(operations.map((operation) => operation.name)).toContain(name);
    await palette.fill(name);
    await expect(desktop.getByRole('option').filter({ hasText: name }).first()).toBeVisible();
  }

  await palette.fill('files.make_folder');
  await desktop.keyboard.press('Enter');
  const form = desktop.locator('[data-operation="files.make_folder"]');
  await expect(form.getByRole('textbox').first()).toBeFocused();
  await desktop.keyboard.press('Enter');
  await expect(form).toContainText('This is needed.');
  await form.getByRole('textbox').first().fill('/From the palette');
  await picture(desktop, 'palette-form');
  await desktop.keyboard.press('Enter');
  await expect(form.locator('.result')).toContainText('From the palette');
  await desktop.keyboard.press('Escape');

  // Numbers with limits, and secrets as dots.
  await desktop.getByRole('combobox').fill('files.search');
  await desktop.keyboard.press('Enter');
  const search = desktop.locator('[data-operation="files.search"]');
  await search.getByLabel('Text').fill('palette');
  await search.getByLabel('Limit').fill('99999');
  await desktop.keyboard.press('Enter');
  await expect(search).toContainText('At most 1000.');
  await search.getByLabel('Limit').fill('5');
  await desktop.keyboard.press('Enter');
  await expect(search.locator('.result')).toContainText('From the palette');
  await desktop.keyboard.press('Escape');
  await desktop.getByRole('combobox').fill('identity.confirm');
  await desktop.keyboard.press('Enter');
  await expect(desktop.locator('[data-operation="identity.confirm"] input')).toHaveAttribute('type', 'password');
});
