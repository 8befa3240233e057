// What labels are called.
import type { Key } from '$lib/i18n/index.svelte';
import type { Label } from '$lib/types';

export const confidentialities = ['public', 'household', 'private', 'secret'] as const;
export const integrities = ['owner', 'known', 'untrusted'] as const;

export function confidentialityKey(of: Label['confidentiality']): Key {
  return `memory.conf_${of}`;
}

export function integrityKey(of: Label['integrity']): Key {
  return `memory.int_${of}`;
}
