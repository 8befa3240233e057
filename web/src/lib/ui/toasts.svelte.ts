// Short messages that pass, with at most one thing to do about them.
export interface Toast {
  id: number;
  text: string;
  kind: 'plain' | 'bad';
  action?: { label: string; run: () => void };
}

let next = 1;
export const toasts = $state<Toast[]>([]);

export function toast(text: string, options: { kind?: Toast['kind']; action?: Toast['action'] } = {}): void {
  const entry: Toast = { id: next++, text, kind: options.kind ?? 'plain', ...(options.action ? { action: options.action } : {}) };
  toasts.push(entry);
  if (toasts.length > 4) toasts.shift();
  setTimeout(() => dismiss(entry.id), entry.kind === 'bad' || entry.action ? 9000 : 4000);
}

export function dismiss(id: number): void {
  const at = toasts.findIndex((entry) => entry.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
