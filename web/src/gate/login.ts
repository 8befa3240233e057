/** A sign-in name to propose for a person's name: "Anna Müller" → "anna". Empty when nothing fits. */
export function loginNameOf(displayName: string): string {
  const first = displayName.trim().split(/\s+/)[0] ?? '';
  return first
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '')
    .slice(0, 32);
}
