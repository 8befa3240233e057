import { expect, test } from 'vitest';
import type { MemoryPromise } from '$lib/types';
import { dayOf, groupOf, grouped } from './due';

const now = new Date(2026, 10, 23, 15, 0);
const at = (date: Date) => ({ due: date.toISOString(), due_day: '2026-11-23' });
const on = (due_day: string) => ({ due_day });

test('a day is the same one everywhere, and not past before it ends', () => {
  expect(dayOf('2026-11-30')).toEqual(new Date(2026, 10, 30));
  expect(dayOf('')).toBeUndefined();
  expect(groupOf(on('2026-11-23'), now)).toBe('due_soon');
  expect(groupOf(on('2026-11-23'), new Date(2026, 10, 23, 23, 59))).toBe('due_soon');
  expect(groupOf(on('2026-11-23'), new Date(2026, 10, 24, 0, 1))).toBe('overdue');
  expect(groupOf(on('2026-11-22'), now)).toBe('overdue');
  expect(groupOf(at(new Date(2026, 10, 23, 14, 59)), now)).toBe('overdue');
});

test('a week ahead is soon, all of its last day', () => {
  expect(groupOf(on('2026-11-30'), now)).toBe('due_soon');
  expect(groupOf(on('2026-12-01'), now)).toBe('due_later');
  expect(groupOf(at(new Date(2026, 10, 30, 23, 0)), now)).toBe('due_soon');
  expect(groupOf(at(new Date(2026, 11, 1)), now)).toBe('due_later');
  expect(groupOf(on(''), now)).toBe('due_open');
});

test('groups come in the order of urgency, and none is empty', () => {
  const all = [on('2027-01-01'), on(''), on('2026-11-01')] as MemoryPromise[];
  expect(grouped(all, now).map((entry) => entry.group)).toEqual(['overdue', 'due_later', 'due_open']);
});
