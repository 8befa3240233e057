// The bytes of an item as they came in: streamed from an address of their own where the box has one, else as the operation
// gives them, whole.
import { api } from '$lib/api.gen';
import { offers } from '$lib/transport';

export interface Address {
  url: string;
  name: string; // what to save it as; '' when the box says so itself
  release: () => void;
}

export async function originalOf(item: string): Promise<Address> {
  const url = `/originals/${encodeURIComponent(item)}`;
  if (await offers(url)) return { url, name: '', release: () => undefined };
  const original = await api.memory.original({ item });
  const bytes = original.text ?? Uint8Array.from(atob(original.base64 ?? ''), (character) => character.charCodeAt(0));
  // Only what a browser shows without running it keeps its type.
  const type = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/.test(original.type) ? original.type : 'application/octet-stream';
  const blob = URL.createObjectURL(new Blob([bytes], { type }));
  return { url: blob, name: original.name, release: () => URL.revokeObjectURL(blob) };
}

/** Has the browser save it. */
export async function saveOriginal(item: string): Promise<void> {
  const address = await originalOf(item);
  const link = document.createElement('a');
  link.href = address.url;
  link.download = address.name;
  link.click();
  setTimeout(address.release, 10_000);
}
