import { expect, test } from 'vitest';
import { bareAddress, earthOf, initials } from './names';

test('initials of names, addresses and Chinese names', () => {
  expect(initials('Ann Example')).toBe('AE');
  expect(initials('小明')).toBe('明');
  expect(initials('bo@example.org')).toBe('B');
  expect(initials('bo.smith@example.org')).toBe('B');
  expect(initials('  ')).toBe('?');
  expect(initials('Ann (work)')).toBe('A');
});

test('a colour stays with its name', () => {
  expect(earthOf('Ann')).toBe(earthOf('ann'));
  expect(new Set(['Ann', 'Bo', 'Cy', 'Di', 'Ed', 'Fay', '小明'].map(earthOf)).size).toBeGreaterThan(2);
});

test('an address without its scheme', () => {
  expect(bareAddress('tel:+491701234567')).toBe('+491701234567');
  expect(bareAddress('ann@example.org')).toBe('ann@example.org');
});
