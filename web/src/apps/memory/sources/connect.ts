// What a person fills in to connect a server, and what the box is asked with.
import type { api } from '$lib/api.gen';

type ConnectInput = Parameters<typeof api.memory.connect>[0];
export type ServerKind = 'imap' | 'caldav' | 'carddav';
export type Security = NonNullable<ConnectInput['security']>;

export interface ServerDraft {
  kind: ServerKind;
  server: string;
  port: string;
  security: Security;
  user: string;
  password: string;
  folders: string;
}

export function emptyServer(): ServerDraft {
  return { kind: 'imap', server: '', port: '', security: 'tls', user: '', password: '', folders: '' };
}

export function isComplete(draft: ServerDraft): boolean {
  return draft.server.trim() !== '' && draft.user.trim() !== '' && draft.password !== '';
}

/** The input of memory.connect: what was left empty is left out. */
export function connectInput(draft: ServerDraft, name: string): ConnectInput {
  const folders = draft.folders.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return {
    kind: draft.kind,
    server: draft.server.trim(),
    security: draft.security,
    user: draft.user.trim(),
    password: draft.password,
    ...(draft.port.trim() ? { port: Number(draft.port) } : {}),
    ...(folders.length > 0 ? { folders } : {}),
    ...(name.trim() ? { name: name.trim() } : {}),
  };
}
