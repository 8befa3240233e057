#!/usr/bin/env node
// The desktop's first load: its script as gzip packs it, and the time until there is a form to fill in, in Debian's Chromium with an
// empty cache. Prints one JSON line. Wants the desktop built (./run.sh) and tests/browser's packages (./test.sh --only browser).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '../tests/browser/node_modules/@playwright/test/index.mjs';

const rounds = 11;
const top = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
const box = spawn(join(top, 'build/release/bin/hearthd'), ['--home', home, '--http', '127.0.0.1:0', '--desktop', join(top, 'web/dist')]);

try {
  const address = await new Promise((resolve, reject) => {
    let said = '';
    const hear = (piece) => {
      said += piece;
      const at = /(http:\/\/hearth\.localhost:\d+)/.exec(said)?.[1];
      if (at) resolve(at);
    };
    box.stdout.on('data', hear);
    box.stderr.on('data', hear);
    box.on('exit', (status) => reject(new Error(`hearthd ended with ${status}:\n${said}`)));
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const loads = [];
  for (let round = 0; round <= rounds; ++round) {
    const context = await browser.newContext();
    const page = await context.newPage();
    // Seen from inside: waiting from outside would add its own pauses.
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('form button[type="submit"]')) return;
        observer.disconnect();
        performance.mark('interactive');
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(address);
    await page.locator('form button[type="submit"]').first().waitFor();
    const load = await page.evaluate(() => ({
      scripts: performance
        .getEntriesByType('resource')
        .map((entry) => new URL(entry.name).pathname)
        .filter((path) => path.endsWith('.js')),
      interactive: performance.getEntriesByName('interactive')[0].startTime,
    }));
    if (round > 0) loads.push(load); // the first warms the disk's cache
    await context.close();
  }
  await browser.close();
  const gzipped = loads[0].scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(top, 'web/dist', path))).length, 0);
  const times = loads.map((load) => load.interactive).sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      rounds,
      script_kb: Math.round(gzipped / 100) / 10,
      interactive_median_ms: Math.round(times[Math.floor(rounds / 2)]),
      interactive_most_ms: Math.round(times[rounds - 1]),
    }),
  );
} finally {
  box.kill('SIGTERM');
  await new Promise((resolve) => (box.exitCode === null ? box.once('exit', resolve) : resolve()));
  rmSync(home, { recursive: true, force: true });
}
