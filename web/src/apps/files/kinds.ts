import type { IconName } from '$lib/ui/icons';

export type Preview = 'text' | 'image' | 'audio' | 'video' | 'none';

export function previewOf(type: string, name: string, size: number): Preview {
  if (type.startsWith('image/')) return 'image';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('text/') || /json|xml|yaml|toml|javascript|mbox|x-sh/.test(type) || /\.(md|log|csv|ini|conf|ya?ml|toml|json|ts|svelte|cpp|h|py|rs|go|sh|mbox|eml)$/i.test(name)) return 'text';
  if (type === '' && size < 1_000_000) return 'text';
  return 'none';
}

export function iconOf(kind: 'file' | 'folder', type: string, name: string): IconName {
  if (kind === 'folder') return 'folder';
  if (type.startsWith('image/')) return 'image';
  if (type.startsWith('audio/')) return 'music';
  if (type.startsWith('video/')) return 'video';
  if (/mbox|rfc822/.test(type) || /\.(mbox|eml)$/i.test(name)) return 'mail';
  if (/zip|tar|gzip|compressed|7z|rar/.test(type)) return 'archive';
  return type.startsWith('text/') || type === 'application/pdf' ? 'text' : 'file';
}
