// The spans of time that one narrows a search to.
import type { Key } from '$lib/i18n/index.svelte';

export type SpanName = 'week' | 'month' | 'year' | 'last_year';

export const spanNames: readonly SpanName[] = ['week', 'month', 'year', 'last_year'];

export function spanKey(name: SpanName): Key {
  return `memory.span_${name}`;
}

/** From when to when, on the clock of this browser. An open end is left out. */
export function spanBetween(name: SpanName, now: Date): { after?: string; before?: string } {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  if (name === 'week') return { after: new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate() - 7).toISOString() };
  if (name === 'month') return { after: new Date(midnight.getFullYear(), midnight.getMonth() - 1, midnight.getDate()).toISOString() };
  if (name === 'year') return { after: new Date(now.getFullYear(), 0, 1).toISOString() };
  return { after: new Date(now.getFullYear() - 1, 0, 1).toISOString(), before: new Date(now.getFullYear(), 0, 1, 0, 0, 0, -1).toISOString() };
}

/** The span of days that two date fields hold, each whole: "2026-05-01" to "2026-05-31". */
export function daysBetween(from: string, to: string): { after?: string; before?: string } {
  const day = (text: string, plus: number) => {
    const [year, month, date] = text.split('-').map(Number);
    return new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + plus, 0, 0, 0, -plus).toISOString();
  };
  return { ...(from ? { after: day(from, 0) } : {}), ...(to ? { before: day(to, 1) } : {}) };
}
