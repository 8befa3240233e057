import { expect, test } from 'vitest';
import { adviceOn } from './strength';

test.each([
  ['password', 0, 'common'],
  ['hearth123', 0, 'common'],
  ['kT9!', 0, 'short'],
  ['aaaaaaaaaaaaaaaa', 1, 'repeats'],
  ['12345678901234', 1, 'repeats'],
])('%s is scored %i: %s', (password, score, reason) => {
  expect(adviceOn(password)).toEqual({ score, reason });
});

test('length wins, in any script', () => {
  expect(adviceOn('quiet lamps over the harbour').score).toBe(4);
  expect(adviceOn('山间的小屋亮着一盏温暖的灯').score).toBe(4);
  expect(adviceOn('silver moth jar').score).toBeGreaterThanOrEqual(3);
});

test('a password with the own name is never good', () => {
  expect(adviceOn('robin in the garden at noon', ['Robin'])).toEqual({ score: 2, reason: 'name' });
});
