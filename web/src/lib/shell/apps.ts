import type { Component } from 'svelte';
import type { Key } from '../i18n/index.svelte';
import type { IconName } from '../ui/icons';
import type { Size } from './geometry';

export type AppId = 'welcome' | 'ask' | 'memory' | 'files' | 'activity' | 'people' | 'system';

export interface AppProps {
  /** What the app was opened with: a path, a question, a tab. Changes when it is opened again. */
  open: Readonly<Record<string, string>>;
}

export interface App {
  id: AppId;
  title: Key;
  glyph: IconName;
  earth: 'ember' | 'ochre' | 'moss' | 'slate' | 'plum' | 'clay' | 'pine';
  size: Size;
  inDock: boolean;
  load: () => Promise<{ default: Component<AppProps> }>;
}

// Each app is a chunk of its own, fetched when it is first opened.
export const apps: readonly App[] = [
  { id: 'ask', title: 'app.ask', glyph: 'ask', earth: 'ember', size: { width: 960, height: 680 }, inDock: true, load: () => import('../../apps/ask/Ask.svelte') },
  { id: 'memory', title: 'app.memory', glyph: 'memory', earth: 'pine', size: { width: 1180, height: 740 }, inDock: true, load: () => import('../../apps/memory/Memory.svelte') },
  { id: 'files', title: 'app.files', glyph: 'folder', earth: 'ochre', size: { width: 960, height: 620 }, inDock: true, load: () => import('../../apps/files/Files.svelte') },
  { id: 'activity', title: 'app.activity', glyph: 'activity', earth: 'moss', size: { width: 920, height: 620 }, inDock: true, load: () => import('../../apps/activity/Activity.svelte') },
  { id: 'people', title: 'app.people', glyph: 'shield', earth: 'plum', size: { width: 880, height: 660 }, inDock: true, load: () => import('../../apps/people/People.svelte') },
  { id: 'system', title: 'app.system', glyph: 'system', earth: 'slate', size: { width: 900, height: 640 }, inDock: true, load: () => import('../../apps/system/System.svelte') },
  { id: 'welcome', title: 'app.welcome', glyph: 'welcome', earth: 'clay', size: { width: 720, height: 600 }, inDock: false, load: () => import('../../apps/welcome/Welcome.svelte') },
];

export function appOf(id: AppId): App {
  const app = apps.find((candidate) => candidate.id === id);
  if (!app) throw new Error(`no app ${id}`);
  return app;
}
