import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Box, top } from './box';

export { expect };
export const password = 'quiet lamps over the harbour';
export const person = { name: 'robin', display_name: 'Robin' };

interface Claimed {
  home: string;
  cookies: { name: string; value: string }[];
}

export const test = base.extend<{ unclaimed: Box; box: Box; desktop: Page }, { claimed: Claimed }>({
  /** A box without an owner. */
  // eslint-disable-next-line no-empty-pattern
  unclaimed: async ({}, use) => {
    const box = await Box.start();
    await use(box);
    await box.stop();
  },
  /** The home of a box that was claimed, made once: tests start on copies of it, and need no second each for a password. */
  claimed: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const box = await Box.start();
      const cookies = await box.call('identity.setup', { code: box.setupCode, ...person, password });
      await box.end();
      await use({ home: box.home, cookies });
      rmSync(box.home, { recursive: true });
    },
    { scope: 'worker' },
  ],
  /** A box with an owner. */
  box: async ({ claimed }, use) => {
    const box = await Box.start(claimed.home);
    await use(box);
    await box.stop();
  },
  /** A page on it, signed in as its owner. Errors in the page fail the test. */
  desktop: async ({ page, box, claimed }, use) => {
    const problems = watchForProblems(page);
    await page.context().addCookies(claimed.cookies.map((cookie) => ({ ...cookie, url: box.address, httpOnly: true })));
    await page.goto(box.address);
    await expect(page.locator('nav.dock')).toBeVisible();
    await use(page);
    expect(problems).toEqual([]);
  },
});

/** Collects what the page throws. */
export function watchForProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  return problems;
}

/** Calls an operation from the page, as the desktop does. Gives the output; throws with the error's code. */
export async function call<T = Record<string, unknown>>(page: Page, operation: string, input: unknown = {}, token?: string): Promise<T> {
  const answer = await page.evaluate(
    async ({ operation, input, token }) => {
      const response = await fetch(`/api/${operation}`, {
        method: 'POST',
        credentials: token ? 'omit' : 'same-origin',
        headers: { 'Content-Type': 'application/json', 'X-Hearth-Client': 'desktop', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify(input),
      });
      return { ok: response.ok, body: (await response.json()) as unknown };
    },
    { operation, input, token },
  );
  if (!answer.ok) throw new Error(`${operation}: ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

/** Holds back what the page asks of an address, of one method or of all, until the function that it gives is called. */
export async function holdBack(page: Page, address: string | RegExp, method = ''): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(address, async (route) => {
    if (method === '' || route.request().method() === method) await held;
    await route.continue().catch(() => undefined); // the page may have cancelled it
  });
  return letGo;
}

/** Waits until a thing has come to rest: no transition or animation of its own runs any more. */
export async function rest(thing: Locator): Promise<void> {
  await thing.evaluate((element) => Promise.allSettled(element.getAnimations().map((animation) => animation.finished)));
}

/** Where a thing is, once it rests. */
export async function place(thing: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await rest(thing);
  const box = await thing.boundingBox();
  if (!box) throw new Error('not visible');
  return box;
}

export async function openApp(page: Page, app: string): Promise<void> {
  await page.locator(`[data-dock="${app}"]`).click();
  await expect(appWindow(page, app)).toBeVisible();
  await rest(appWindow(page, app));
}

export function appWindow(page: Page, app: string) {
  return page.locator(`section.window[data-app="${app}"]`);
}

/** Goes to a view of the Memory app. */
export async function openView(memory: Locator, view: string): Promise<void> {
  await memory.locator(`[data-view="${view}"]`).click();
}

const pictures = join(top, 'docs/screenshots');

/** Leaves a picture for the documentation, when the run is asked for them: HEARTH_SCREENSHOTS=1. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env['HEARTH_SCREENSHOTS']) return;
  mkdirSync(pictures, { recursive: true });
  await page.mouse.move(8, 200);
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity));
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path });
  expect(statSync(path).size).toBeLessThan(300_000);
}
