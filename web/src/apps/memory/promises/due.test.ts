import { expect, test } from 'vitest';
import type { MemoryPromise } from '$lib/types';
import { groupOf, grouped } from './due';

const now = new Date(2026, 10, 23, 15, 0);
const due = (date: Date, whole_day = false) => ({ due: date.toISOString(), whole_day });

test('a day is not past before it ends', () => {
  expect(groupOf(due(new Date(2026, 10, 23), true), now)).toBe('due_soon');
  expect(groupOf(due(new Date(2026, 10, 22), true), now)).toBe('overdue');
  expect(groupOf(due(new Date(2026, 10, 23, 14, 59)), now)).toBe('overdue');
});

test('a week ahead is soon, all of its last day', () => {
  expect(groupOf(due(new Date(2026, 10, 30, 23, 0)), now)).toBe('due_soon');
  expect(groupOf(due(new Date(2026, 11, 1)), now)).toBe('due_later');
  expect(groupOf({ whole_day: false }, now)).toBe('due_open');
});

test('groups come in the order of urgency, and none is empty', () => {
  const all = [due(new Date(2027, 0, 1)), { whole_day: false }, due(new Date(2026, 10, 1))] as MemoryPromise[];
  expect(grouped(all, now).map((entry) => entry.group)).toEqual(['overdue', 'due_later', 'due_open']);
});
