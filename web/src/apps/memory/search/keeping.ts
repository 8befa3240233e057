// Keeps searches under names, and offers back what a name no longer stands for.
import { api } from '$lib/api.gen';
import { t } from '$lib/i18n/index.svelte';
import type { SavedSearch } from '$lib/types';
import { explain } from '$lib/ui/explain';
import { oneLine } from '$lib/ui/text';
import { toast } from '$lib/ui/toasts.svelte';
import type { Filters } from './filters';

export interface Kept {
  name: string;
  query: string;
  filters: Filters;
}

/** With `replaced` it takes the place of that one, which has its name; else a name that is taken is a conflict. */
export async function keepSearch(search: Kept, replaced: SavedSearch | undefined, changed: () => unknown): Promise<void> {
  await api.memory.saveSearch({ ...search, replace: replaced !== undefined });
  changed();
  if (!replaced) {
    toast(t('memory.search_saved', { name: oneLine(search.name) }));
    return;
  }
  toast(t('memory.search_replaced', { name: oneLine(search.name) }), { action: { label: t('memory.undo'), run: () => void bringBack(replaced, true, changed) } });
}

export async function removeSearch(search: SavedSearch, changed: () => unknown): Promise<void> {
  try {
    await api.memory.removeSearch({ search: search.id });
    changed();
    toast(t('memory.search_removed', { name: oneLine(search.name) }), { action: { label: t('memory.undo'), run: () => void bringBack(search, false, changed) } });
  } catch (error) {
    toast(explain(error), { kind: 'bad' });
  }
}

async function bringBack({ name, query, filters }: SavedSearch, replace: boolean, changed: () => unknown): Promise<void> {
  try {
    await api.memory.saveSearch({ name, query, filters, replace });
    changed();
  } catch (error) {
    toast(explain(error), { kind: 'bad' });
  }
}
