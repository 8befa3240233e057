// How an item's time is written, no more exactly than it is known.
import { formatDate } from '$lib/i18n/index.svelte';
import type { Item } from '$lib/types';

type Timed = Pick<Item, 'time' | 'until' | 'certainty'>;

const day = { dateStyle: 'long' } as const;
const moment = { dateStyle: 'medium', timeStyle: 'short' } as const;

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

/** "23 Nov 2026, 10:00 – 11:30", "23 – 25 November 2026", "23 November 2026" when only the day is known. */
export function spanOf({ time, until, certainty }: Timed): string {
  if (!time) return '';
  const from = new Date(time);
  const style = certainty === 'day' ? day : moment;
  if (!until) return formatDate(from, style);
  // The end of an event that lasts whole days is the midnight after it.
  const to = new Date(certainty === 'day' ? new Date(until).getTime() - 1000 : until);
  if (to.getTime() <= from.getTime()) return formatDate(from, style);
  if (sameDay(from, to)) return certainty === 'day' ? formatDate(from, day) : `${formatDate(from, moment)} – ${formatDate(to, { timeStyle: 'short' })}`;
  return `${formatDate(from, style)} – ${formatDate(to, style)}`;
}
