// The bytes of an item as they came in: at an address of their own, so that pictures and sound stream from there.
export function originalUrl(item: string): string {
  return `/originals/${encodeURIComponent(item)}`;
}

/** Has the browser save it under the name that the box gives. */
export function saveOriginal(item: string): void {
  const link = document.createElement('a');
  link.href = originalUrl(item);
  link.download = '';
  link.click();
}
