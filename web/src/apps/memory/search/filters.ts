// What a search is narrowed to.
import { formatDate, t } from '$lib/i18n/index.svelte';
import type { Source } from '$lib/types';
import { oneLine } from '$lib/ui/text';
import { itemKindKey, type ItemKind } from '../kinds';

export interface Filters {
  kinds?: ItemKind[];
  source?: string;
  person?: string;
  after?: string;
  before?: string;
  tags?: string[];
  attachment?: boolean;
}

/** Only what narrows: the box names what was left out too, as empty. */
export function narrowing(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)));
}

export type FilterName = 'kinds' | 'source' | 'person' | 'time' | 'tags' | 'attachment';

function timeWords({ after, before }: Filters): string {
  const day = (time: string) => formatDate(time, { dateStyle: 'medium' });
  if (after && before) return `${day(after)} – ${day(before)}`;
  if (after) return t('memory.since', { date: day(after) });
  return before ? t('memory.until', { date: day(before) }) : '';
}

/** Each filter in words; nothing of one that does not narrow. */
export function filterWords(filters: Filters, sources: readonly Source[]): Record<FilterName, string> {
  const kind = filters.kinds?.[0];
  return {
    kinds: kind ? t(itemKindKey(kind)) : '',
    source: oneLine(sources.find((source) => source.id === filters.source)?.name ?? ''),
    person: filters.person ?? '',
    time: timeWords(filters),
    tags: (filters.tags ?? []).join(', '),
    attachment: filters.attachment === undefined ? '' : t(filters.attachment ? 'memory.with_attachment' : 'memory.without_attachment'),
  };
}

/** A search in words, with what it is narrowed to: "invoice · Mail · since 1 May 2026". */
export function searchWords(query: string, filters: Filters, sources: readonly Source[]): string {
  return [query.trim(), ...Object.values(filterWords(filters, sources))].filter(Boolean).join(' · ');
}
