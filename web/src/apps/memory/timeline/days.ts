// The timeline's items by day; what was said in one chat in a row stands as one.
import type { TimelineEntry } from '$lib/types';

export interface Bundle {
  first: TimelineEntry;
  entries: TimelineEntry[];
}

export interface Day {
  day: string; // 2026-11-23, or '' for what has no date
  bundles: Bundle[];
}

function together(a: TimelineEntry, b: TimelineEntry): boolean {
  return a.kind === 'message' && b.kind === 'message' && a.source === b.source && a.title === b.title;
}

export function daysOf(entries: readonly TimelineEntry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    let day = days.at(-1);
    if (!day || day.day !== entry.day) days.push((day = { day: entry.day, bundles: [] }));
    const bundle = day.bundles.at(-1);
    if (bundle && together(bundle.first, entry)) bundle.entries.push(entry);
    else day.bundles.push({ first: entry, entries: [entry] });
  }
  return days;
}

/** The day of a moment on this browser's clock: 2026-11-23. */
export function dayOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** Noon of a day, which is on that day whatever the clock's zone and daylight saving. */
export function noonOf(day: string): Date {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year ?? 1970, (month ?? 1) - 1, date ?? 1, 12);
}

/** Minutes east of Greenwich at a moment. */
export function zoneAt(time: Date): number {
  return -time.getTimezoneOffset() || 0;
}

export interface Year {
  year: number;
  entries: TimelineEntry[];
}

/** What happened on this day, by how many years ago it was; the latest first. */
export function byYear(entries: readonly TimelineEntry[]): Year[] {
  const years = new Map<number, TimelineEntry[]>();
  for (const entry of entries) {
    const year = Number(entry.day.slice(0, 4));
    if (!Number.isFinite(year)) continue;
    const known = years.get(year);
    if (known) known.push(entry);
    else years.set(year, [entry]);
  }
  return [...years].map(([year, found]) => ({ year, entries: found })).sort((a, b) => b.year - a.year);
}
