// Turns JSON into something to read: names and plain values, one line each.

export function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry !== 'object' || entry === null)) return value.map(plain).join(', ');
  return JSON.stringify(value);
}

/** The members of an object that hold something, each as a name and a text. */
export function readable(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([, member]) => member !== null && member !== '' && !(Array.isArray(member) && member.length === 0))
    .map(([name, member]) => [name.replaceAll('_', ' '), plain(member)]);
}
