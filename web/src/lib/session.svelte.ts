// Who is at the desktop.
import { api } from './api.gen';
import { connect, disconnect, onEvent } from './events';
import { onSignedOut, ApiError } from './transport';
import type { Person } from './types';

type Phase = 'starting' | 'unreachable' | 'unclaimed' | 'signed_out' | 'signed_in';

let phase = $state<Phase>('starting');
let person = $state.raw<Person | undefined>();
let twoFactor = $state(false);
let failure = $state.raw<ApiError | undefined>();

export const session = {
  get phase() {
    return phase;
  },
  get failure() {
    return failure;
  },
  /** The signed-in person; only what is shown when someone is signed in may ask. */
  get person(): Person {
    if (!person) throw new Error('nobody is signed in');
    return person;
  },
  /** Whether this session passed a second factor or a passkey. */
  get twoFactor() {
    return twoFactor;
  },
  get owner() {
    return person?.role === 'owner';
  },
};

export async function refreshSession(): Promise<void> {
  try {
    const state = await api.identity.state();
    person = state.person ?? undefined;
    twoFactor = state.two_factor;
    failure = undefined;
    phase = !state.claimed ? 'unclaimed' : person ? 'signed_in' : 'signed_out';
  } catch (error) {
    failure = error instanceof ApiError ? error : new ApiError('internal', String(error));
    if (phase === 'starting' || phase === 'unreachable') phase = 'unreachable';
  }
  if (phase === 'signed_in') connect();
  else disconnect();
}

export async function signOut(): Promise<void> {
  await api.identity.signOut();
  await refreshSession();
}

onSignedOut(() => {
  if (phase === 'signed_in') void refreshSession();
});
onEvent('session', () => void refreshSession());
