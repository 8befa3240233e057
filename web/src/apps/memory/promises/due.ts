// Open promises by when they are due.
import type { MemoryPromise } from '$lib/types';

export type Group = 'overdue' | 'due_soon' | 'due_later' | 'due_open';
const order: readonly Group[] = ['overdue', 'due_soon', 'due_later', 'due_open'];

export function groupOf(promise: Pick<MemoryPromise, 'due' | 'whole_day'>, now: Date): Group {
  if (!promise.due) return 'due_open';
  const due = new Date(promise.due);
  // What is due on a day is due until that day ends.
  const end = promise.whole_day ? due.getTime() + 86_400_000 : due.getTime();
  if (end < now.getTime()) return 'overdue';
  const week = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 8);
  return due < week ? 'due_soon' : 'due_later';
}

export function grouped(promises: readonly MemoryPromise[], now: Date): { group: Group; promises: MemoryPromise[] }[] {
  return order
    .map((group) => ({ group, promises: promises.filter((one) => groupOf(one, now) === group) }))
    .filter((entry) => entry.promises.length > 0);
}
