// Open promises by when they are due.
import type { MemoryPromise } from '$lib/types';

export type Group = 'overdue' | 'due_soon' | 'due_later' | 'due_open';
const order: readonly Group[] = ['overdue', 'due_soon', 'due_later', 'due_open'];

/** "2026-11-30" as that day here, whatever zone it was said in: the day that the writer meant. */
export function dayOf(day: string): Date | undefined {
  const [year, month, number] = day.split('-').map(Number);
  return year && month && number ? new Date(year, month - 1, number) : undefined;
}

export function groupOf(promise: Pick<MemoryPromise, 'due' | 'due_day'>, now: Date): Group {
  const day = dayOf(promise.due_day);
  const due = promise.due ? new Date(promise.due) : day;
  if (!due) return 'due_open';
  // What is due on a day is due until that day ends.
  const end = promise.due ? due : new Date(due.getFullYear(), due.getMonth(), due.getDate() + 1);
  if (end < now) return 'overdue';
  const week = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 8);
  return due < week ? 'due_soon' : 'due_later';
}

export function grouped(promises: readonly MemoryPromise[], now: Date): { group: Group; promises: MemoryPromise[] }[] {
  return order
    .map((group) => ({ group, promises: promises.filter((one) => groupOf(one, now) === group) }))
    .filter((entry) => entry.promises.length > 0);
}
