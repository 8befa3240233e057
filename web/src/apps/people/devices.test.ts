import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseLanguage } from '$lib/i18n/index.svelte';
import { deviceName } from './devices';

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: {} });
});
afterEach(async () => {
  await chooseLanguage('en');
  vi.unstubAllGlobals();
});

test('a device is named in the language of the desktop', async () => {
  expect(deviceName('Samsung Internet on Android')).toBe('Samsung Internet on Android');
  await chooseLanguage('zh-CN');
  expect(deviceName('Firefox on Linux')).toBe('Linux 上的 Firefox');
  expect(deviceName('Unknown device')).toBe('未知设备');
  expect(deviceName("Hearth's command line")).toBe('Hearth 命令行');
  expect(deviceName('WeChat')).toBe('WeChat');
});
