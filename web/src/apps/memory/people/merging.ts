// Joins two people into one, and offers to take it back.
import { api } from '$lib/api.gen';
import { t } from '$lib/i18n/index.svelte';
import { explain } from '$lib/ui/explain';
import { toast } from '$lib/ui/toasts.svelte';

interface Named {
  id: string;
  name: string;
}

export async function mergeWithUndo(keep: Named, other: Named, changed: () => unknown): Promise<void> {
  const { merge } = await api.memory.mergePeople({ keep: keep.id, other: other.id });
  toast(t('memory.merged', { name: keep.name, other: other.name }), {
    action: { label: t('memory.undo'), run: () => void unmerge(merge, changed) },
  });
}

export async function unmerge(merge: string, changed: () => unknown): Promise<void> {
  try {
    await api.memory.undoMerge({ merge });
    toast(t('memory.undone'));
    changed();
  } catch (error) {
    toast(explain(error), { kind: 'bad' });
  }
}
