import { call, expect, openApp, openView, appWindow, password, person, picture, test, watchForProblems } from './fixtures';
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
    add: 'Add a source',
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
    add: '添加来源',
    import: '导入',
    forget: '忘记',
    forgetItem: '忘记此条目',
    nothing: '盒子还没有任何记忆',
    wrong: '设置码',
  },
} as const;

for (const [language, w] of Object.entries(words)) {
  test.describe(`in ${language}`, () => {
    test.use({ locale: w.locale, colorScheme: language === 'en' ? 'light' : 'dark' });

    test('claim, import, ask, cite, forget', async ({ page, unclaimed }) => {
      test.skip(!mailPresent, mailAbsent);
      const problems = watchForProblems(page);
      await page.goto(unclaimed.address);
      await expect(page.locator('html')).toHaveAttribute('lang', language === 'en' ? 'en' : 'zh-CN');

      // A wrong code is refused with words that help.
      await page.getByLabel(w.code).fill('AAAAA-AAAAA');
      await page.getByLabel(w.name).fill(person.display_name);
      await expect(page.getByLabel(w.login)).toHaveValue('robin');
      await page.getByLabel(w.password, { exact: true }).fill(password);
      await picture(page, `claim-${language}`);
      await page.getByRole('button', { name: w.claim }).click();
      await expect(page.getByRole('alert')).toContainText(w.wrong);
      await page.getByLabel(w.code).fill(unclaimed.setupCode);
      await page.getByRole('button', { name: w.claim }).click();

      // The gentle way in: a mailbox.
      const welcome = appWindow(page, 'welcome');
      await expect(welcome).toBeVisible();
      await welcome.getByRole('button', { name: w.add }).click();
      await page.locator('[data-pick="files"]').setInputFiles({ name: 'david.mbox', mimeType: 'application/mbox', buffer: mbox('david') });
      await page.getByRole('dialog').getByRole('button', { name: w.import }).click();
      await expect(welcome.locator('[data-welcome-question]')).toBeEnabled({ timeout: 40_000 });
      if (language === 'en') await picture(page, 'welcome');

      // A question, an answer with citations.
      await welcome.locator('[data-welcome-question]').fill("Whose IT account should be resurrected?");
      await page.keyboard.press('Enter');
      const ask = appWindow(page, 'ask');
      await expect(ask.locator('[data-answer]')).toContainText(/resurrect/i);
      await ask.locator('[data-cite="1"]').click();

      // The citation opens the item: headers, text, the sentence marked.
      const panel = ask.getByRole('complementary');
      await expect(panel).toContainText('david@example.org');
      await expect(panel.locator('[data-item-text]')).toContainText('IT account');
      await expect(panel.locator('mark')).toContainText(/resurrect/i);

      // What is forgotten is not found again.
      await panel.getByRole('button', { name: w.forgetItem }).click();
      await page.getByRole('dialog').getByRole('button', { name: w.forget, exact: true }).click();
      await expect(panel).toBeHidden();
      await expect(ask.locator('.results')).not.toContainText(/resurrect/i);
      await openApp(page, 'memory');
      const memory = appWindow(page, 'memory');
      await openView(memory, 'sources');
      await memory.locator('[data-source] [data-action="forget"]').click();
      await page.getByRole('dialog').getByRole('button', { name: w.forget, exact: true }).click();
      await expect(memory.locator('[data-source]')).toHaveCount(0);
      const { sources } = await call<{ sources: unknown[] }>(page, 'memory.sources');
      expect(sources).toEqual([]);
      expect(problems).toEqual([]);
    });
  });
}

// Notes written for this test, so that their pictures may be shown.
const notes = {
  en: {
    locale: 'en-GB',
    give: 'Add a source',
    there: 'On the box',
    path: 'Path',
    import: 'Import',
    two: '2 items',
    question: 'When do we travel to Dunhuang?',
    answer: 'October',
    unknown: 'zzzz qqqq',
    nothing: 'Nothing in memory answers this',
    files: {
      'Journey.md': '# Journey\n\nWe travel to Dunhuang in October to see the wall paintings. The train tickets are booked; the hotel is not.\n\nWarm coats: the desert is cold at night.\n',
      'Kitchen.md': '# Kitchen\n\nThe new kettle stands in the left cupboard.\n',
    },
  },
  zh: {
    locale: 'zh-CN',
    give: '添加来源',
    there: '已在盒子里',
    path: '路径',
    import: '导入',
    two: '2 个条目',
    question: '我们什么时候去敦煌？',
    answer: '十月',
    unknown: '犀牛彗星',
    nothing: '记忆中没有相关内容',
    files: {
      '旅行.md': '# 旅行\n\n我们计划十月去敦煌看壁画。火车票已经订好了，酒店还没有订。\n\n记得带厚外套：沙漠的夜里很冷。\n',
      '厨房.md': '# 厨房\n\n新的水壶放在左边的柜子里。\n',
    },
  },
} as const;

for (const [language, n] of Object.entries(notes)) {
  test.describe(`notes in ${language}`, () => {
    test.use({ locale: n.locale, colorScheme: language === 'en' ? 'light' : 'dark' });

    test('answer a question in their own language', async ({ desktop }) => {
      await call(desktop, 'files.make_folder', { path: '/Notes' });
      for (const [name, text] of Object.entries(n.files)) await call(desktop, 'files.write', { path: `/Notes/${name}`, text });
      await openApp(desktop, 'ask');
      const ask = appWindow(desktop, 'ask');
      await ask.getByRole('button', { name: n.give }).click();
      await desktop.getByRole('tab', { name: n.there }).click();
      await desktop.getByLabel(n.path, { exact: true }).fill('/Notes');
      await desktop.getByRole('dialog').getByRole('button', { name: n.import }).click();
      const memory = appWindow(desktop, 'memory');
      await expect(memory.locator('[data-source]')).toContainText(n.two, { timeout: 30_000 });
      await openApp(desktop, 'ask');
      await ask.locator('[data-question]').fill(n.question);
      await desktop.keyboard.press('Enter');
      await expect(ask.locator('[data-answer]')).toContainText(n.answer);
      await ask.locator('[data-cite="1"]').click();
      await expect(ask.getByRole('complementary').locator('mark')).toContainText(n.answer);
      await expect(ask).toHaveClass(/front/); // after a dialog that another window opened
      await picture(desktop, `ask-${language}`);
      await ask.locator('[data-question]').fill(n.unknown);
      await desktop.keyboard.press('Enter');
      await expect(ask.locator('.results')).toContainText(n.nothing);
    });
  });
}

test('a path that is not there is said to be missing', async ({ desktop }) => {
  await openApp(desktop, 'ask');
  const ask = appWindow(desktop, 'ask');
  await ask.getByRole('button', { name: 'Add a source' }).click();
  await desktop.getByRole('tab', { name: 'On the box' }).click();
  await desktop.getByLabel('Path', { exact: true }).fill('/nowhere.mbox');
  await desktop.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await expect(desktop.getByRole('dialog').getByRole('alert')).toBeVisible();
});
