import { call, expect, openApp, appWindow, password, person, picture, test, watchForProblems } from './fixtures';
import { mailAbsent, mailPresent, mbox } from './mailbox';

// The whole main job, as a new owner does it: claim, give a mailbox, ask, follow the citation, forget.
const words = {
  en: {
    locale: 'en-GB',
    claim: 'Claim the box',
    code: 'Setup code',
    name: 'Your name',
    login: 'Sign-in name',
    password: 'Password',
    mailbox: 'Give it a mailbox',
    import: 'Import',
    forget: 'Forget',
    forgetItem: 'Forget this item',
    nothing: 'The box remembers nothing yet',
    wrong: 'setup code',
  },
  zh: {
    locale: 'zh-CN',
    claim: '认领盒子',
    code: '设置码',
    name: '你的名字',
    login: '登录名',
    password: '密码',
    mailbox: '给它一个邮箱',
    import: '导入',
    forget: '忘记',
    forgetItem: '忘记此条目',
    nothing: '盒子还没有任何记忆',
    wrong: '（',
  },
} as const;

for (const [language, w] of Object.entries(words)) {
  test.describe(`in ${language}`, () => {
    test.use({ locale: w.locale, colorScheme: language === 'en' ? 'light' : 'dark' });

    test('claim, import, ask, cite, forget', async ({ page, box }) => {
      test.skip(!mailPresent, mailAbsent);
      const problems = watchForProblems(page);
      await page.goto(box.address);
      await expect(page.locator('html')).toHaveAttribute('lang', language === 'en' ? 'en' : 'zh-CN');

      // A wrong code is refused with words that help.
      await page.getByLabel(w.code).fill('AAAAA-AAAAA');
      await page.getByLabel(w.name).fill(person.display_name);
      await expect(page.getByLabel(w.login)).toHaveValue('robin');
      await page.getByLabel(w.password, { exact: true }).fill(password);
      await picture(page, `claim-${language}`);
      await page.getByRole('button', { name: w.claim }).click();
      await expect(page.getByRole('alert')).toContainText(w.wrong);
      await page.getByLabel(w.code).fill(box.setupCode);
      await page.getByRole('button', { name: w.claim }).click();

      // The gentle way in: a mailbox.
      const welcome = appWindow(page, 'welcome');
      await expect(welcome).toBeVisible();
      await welcome.getByRole('button', { name: w.mailbox }).click();
      await page.locator('[data-pick="mail"]').setInputFiles({ name: 'david.mbox', mimeType: 'application/mbox', buffer: mbox('david') });
      await page.getByRole('dialog').getByRole('button', { name: w.import }).click();
      await expect(welcome.locator('[data-welcome-question]')).toBeEnabled({ timeout: 40_000 });
      await picture(page, `welcome-${language}`);

      // A question, an answer with citations.
      await welcome.locator('[data-welcome-question]').fill("Whose IT account should be resurrected?");
      await page.keyboard.press('Enter');
      const ask = appWindow(page, 'ask');
      await expect(ask.locator('[data-answer]')).toContainText(/resurrect/i);
      await ask.locator('[data-cite="1"]').click();

      // The citation opens the item: headers, text, the sentence marked.
      const panel = ask.getByRole('complementary');
      await expect(panel).toContainText('david@example.org');
      await expect(panel.locator('[data-item-text]')).toContainText("Peter's IT account");
      await expect(panel.locator('mark')).toContainText(/resurrect/i);
      await picture(page, `ask-${language}`);

      // What is forgotten is not found again.
      await panel.getByRole('button', { name: w.forgetItem }).click();
      await page.getByRole('dialog').getByRole('button', { name: w.forget, exact: true }).click();
      await expect(panel).toBeHidden();
      await expect(ask.locator('.results')).not.toContainText(/resurrect/i);
      const source = ask.locator('[data-source]');
      await source.hover();
      await source.locator('[data-action="forget"]').click();
      await page.getByRole('dialog').getByRole('button', { name: w.forget, exact: true }).click();
      await expect(ask.locator('[data-source]')).toHaveCount(0);
      const { sources } = await call<{ sources: unknown[] }>(page, 'memory.sources');
      expect(sources).toEqual([]);
      expect(problems).toEqual([]);
    });
  });
}

test('notes in Chinese answer a question in Chinese', async ({ desktop }) => {
  await call(desktop, 'files.make_folder', { path: '/笔记' });
  await call(desktop, 'files.write', { path: '/笔记/旅行.md', text: '# 旅行\n\n我们计划十月去敦煌看壁画。火车票已经订好了。\n' });
  await call(desktop, 'files.write', { path: '/笔记/厨房.md', text: '# 厨房\n\n新的水壶放在左边的柜子里。\n' });
  await openApp(desktop, 'ask');
  const ask = appWindow(desktop, 'ask');
  await ask.getByRole('button', { name: 'Give it a folder' }).click();
  await desktop.getByRole('tab', { name: 'Already on the box' }).click();
  await desktop.getByLabel('Path', { exact: true }).fill('/笔记');
  await desktop.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await expect(ask.locator('[data-source]')).toContainText('2 items', { timeout: 30_000 });
  await ask.locator('[data-question]').fill('我们什么时候去敦煌？');
  await desktop.keyboard.press('Enter');
  await expect(ask.locator('[data-answer]')).toContainText('十月');
  await ask.locator('[data-question]').fill('zzzz qqqq');
  await desktop.keyboard.press('Enter');
  await expect(ask.locator('.results')).toContainText('Nothing in memory answers this');
});

test('an import can be cancelled, and a path that is not there is said to be missing', async ({ desktop }) => {
  await openApp(desktop, 'ask');
  const ask = appWindow(desktop, 'ask');
  await ask.getByRole('button', { name: 'Give it a mailbox' }).click();
  await desktop.getByRole('tab', { name: 'Already on the box' }).click();
  await desktop.getByLabel('Path', { exact: true }).fill('/nowhere.mbox');
  await desktop.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await expect(desktop.getByRole('dialog').getByRole('alert')).toBeVisible();
});
