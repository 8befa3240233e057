import { expect, test } from 'vitest';
import type { TimelineEntry } from '$lib/types';
import { byYear, dayOf, daysOf, noonOf } from './days';

const entry = (item: string, day: string, kind = 'mail', title = item, source = '1') => ({ item, day, kind, title, source }) as TimelineEntry;

test('items stand by day, in the order in which they come', () => {
  const days = daysOf([entry('c', '2026-11-23'), entry('b', '2026-11-23'), entry('a', '2026-11-20'), entry('z', '')]);
  expect(days.map((day) => [day.day, day.bundles.map((bundle) => bundle.first.item)])).toEqual([
    ['2026-11-23', ['c', 'b']],
    ['2026-11-20', ['a']],
    ['', ['z']],
  ]);
});

test('a row of messages of one chat is one bundle, until something comes between or the day ends', () => {
  const days = daysOf([
    entry('5', '2026-11-23', 'message', 'Family'),
    entry('4', '2026-11-23', 'message', 'Family'),
    entry('3', '2026-11-23', 'mail', 'Family'),
    entry('2', '2026-11-23', 'message', 'Family'),
    entry('1', '2026-11-22', 'message', 'Family'),
    entry('0', '2026-11-22', 'message', 'Family', '2'),
  ]);
  expect(days.map((day) => day.bundles.map((bundle) => bundle.entries.length))).toEqual([[2, 1, 1], [1, 1]]);
});

test('a day and its noon agree', () => {
  expect(dayOf(noonOf('2026-03-29'))).toBe('2026-03-29');
  expect(dayOf(new Date(2026, 0, 2, 0, 0, 1))).toBe('2026-01-02');
});

test('on this day, by year', () => {
  const years = byYear([entry('a', '2025-11-23'), entry('b', '2025-11-23'), entry('c', '2019-11-23')]);
  expect(years.map((year) => [year.year, year.entries.length])).toEqual([
    [2025, 2],
    [2019, 1],
  ]);
});
