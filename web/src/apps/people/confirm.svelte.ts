// Sensitive changes want the password once more, unless it was given in the last minutes.
import { api } from '$lib/api.gen';
import { ApiError } from '$lib/transport';

let waiting = $state.raw<{ resolve: () => void; reject: (error: unknown) => void } | undefined>();

export const confirmation = {
  get asking() {
    return waiting !== undefined;
  },
  /** Called by the dialog. Throws what the box says about a wrong password. */
  async give(password: string): Promise<void> {
    await api.identity.confirm({ password });
    waiting?.resolve();
    waiting = undefined;
  },
  cancel(): void {
    waiting?.reject(new ApiError('cancelled', ''));
    waiting = undefined;
  },
};

/** Resolves once the person has confirmed who they are; rejects with "cancelled" when they close the dialog. */
export async function confirmed(): Promise<void> {
  const { confirmed_until: until } = await api.identity.state({});
  if (until !== undefined && new Date(until).getTime() > Date.now() + 5000) return;
  await new Promise<void>((resolve, reject) => (waiting = { resolve, reject }));
}
