import { defineConfig } from '@playwright/test';

// Debian's Chromium, without its windows. Every test starts a box of its own, so the order does not matter.
export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2, // they wait more than they compute
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
    locale: 'en-GB',
    serviceWorkers: 'block', // what one fetches passes by a test's routes, and it fetches the whole desktop for every test
    contextOptions: { reducedMotion: 'reduce' },
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium-headless-shell',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    },
  },
});
