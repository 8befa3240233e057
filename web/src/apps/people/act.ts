import { ApiError } from '$lib/transport';
import { explain } from '$lib/ui/explain';
import { toast } from '$lib/ui/toasts.svelte';

/** Runs what a button does and tells what went wrong; closing a dialog half way is nothing to tell. */
export async function act(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'cancelled')) toast(explain(error), { kind: 'bad' });
    return false;
  }
}
