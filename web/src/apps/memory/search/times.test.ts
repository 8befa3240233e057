import { expect, test } from 'vitest';
import { daysBetween, spanBetween } from './times';

const now = new Date(2026, 2, 31, 15, 30);
const local = (...parts: [number, number, number]) => new Date(...parts).toISOString();

test('spans begin at midnight and reach to now', () => {
  expect(spanBetween('week', now)).toEqual({ after: local(2026, 2, 24) });
  expect(spanBetween('year', now)).toEqual({ after: local(2026, 0, 1) });
});

test('last year ends before this one begins', () => {
  const { after, before } = spanBetween('last_year', now);
  expect(after).toBe(local(2025, 0, 1));
  expect(new Date(before ?? '').getTime()).toBe(new Date(2026, 0, 1).getTime() - 1);
});

test('two days hold all of both', () => {
  const { after, before } = daysBetween('2026-05-01', '2026-05-31');
  expect(after).toBe(local(2026, 4, 1));
  expect(new Date(before ?? '').getTime()).toBe(new Date(2026, 5, 1).getTime() - 1);
  expect(daysBetween('', '')).toEqual({});
});
