import { expect, test } from 'vitest';
import { kept, line, push, scale } from './history';

test('a history keeps the last samples', () => {
  let history: number[] = [];
  for (let n = 0; n < kept + 5; ++n) history = push(history, n);
  expect(history).toHaveLength(kept);
  expect(history.at(-1)).toBe(kept + 4);
});

test('a chart ends at the right edge and stays within its box', () => {
  expect(line([], 100, 300, 72)).toBe('');
  expect(line([0, 50, 100], 100, 300, 72)).toMatch(/^M[\d.]+ 72\.0L[\d.]+ 36\.0L300\.0 0\.0$/);
  expect(line([500, -5], 100, 300, 72)).toMatch(/ 0\.0L300\.0 72\.0$/);
  expect(line([1], 0, 300, 72)).toBe('M300.0 72.0');
});

test('a scale is a round figure above all values', () => {
  expect(scale([1234], 10)).toBe(2000);
  expect(scale([], 10)).toBe(10);
  expect(scale([99_999], 10)).toBe(100_000);
});
