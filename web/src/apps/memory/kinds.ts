// How the kinds of items and sources look and what they are called.
import { isKey, type Key } from '$lib/i18n/index.svelte';
import type { Item, Source } from '$lib/types';
import type { IconName } from '$lib/ui/icons';

export type ItemKind = Item['kind'];
export type SourceKind = Source['kind'];

const itemIcons: Record<ItemKind, IconName> = {
  document: 'text',
  mail: 'mail',
  message: 'chat',
  note: 'note',
  event: 'calendar',
  task: 'task',
  contact: 'card',
  page: 'globe',
  recording: 'microphone',
  photo: 'image',
  audio: 'music',
};

const sourceIcons: Readonly<Record<string, IconName>> = {
  mail: 'mail',
  folder: 'folder',
  chat: 'chat',
  notes: 'note',
  calendar: 'calendar',
  contacts: 'card',
  browser: 'globe',
  recorder: 'microphone',
  files: 'folder',
  imap: 'mail',
  caldav: 'calendar',
  carddav: 'card',
};

export const itemKinds = Object.keys(itemIcons) as ItemKind[];

/** The kinds that a file or folder may be read as, when a person says so themselves. */
export const fileKinds: readonly SourceKind[] = ['mail', 'folder', 'chat', 'notes', 'calendar', 'contacts', 'browser', 'recorder'];

/** Servers are read by themselves, all the time. */
export function isServer(kind: string): boolean {
  return kind === 'imap' || kind === 'caldav' || kind === 'carddav';
}

export function itemIcon(kind: string): IconName {
  return itemIcons[kind as ItemKind] ?? 'file';
}

export function sourceIcon(kind: string): IconName {
  return sourceIcons[kind] ?? 'archive';
}

export function itemKindKey(kind: ItemKind): Key {
  return kind in itemIcons ? `memory.kind_${kind}` : 'memory.item';
}

export function sourceKindKey(kind: SourceKind): Key {
  const key = `memory.source_${kind}`;
  return isKey(key) ? key : 'memory.source';
}
