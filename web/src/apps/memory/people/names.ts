// How a person is shown where there is no picture of them.

const earths = ['ember', 'ochre', 'moss', 'slate', 'plum', 'pine'];

/** The colour of a name, as CSS; the same everywhere. */
export function earthOf(name: string): string {
  let sum = 7;
  for (const character of name.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return `var(--earth-${earths[sum % earths.length]})`;
}

/** "Ann Example" → "AE", "小明" → "明", "bo@example.org" → "B". Chinese names are told apart by their end. */
export function initials(name: string): string {
  const words = name.replace(/[<("'].*$/u, '').trim().split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (first === undefined) return '?';
  if (/^\p{Script=Han}+$/u.test(first)) return [...first].at(-1) ?? '?';
  const last = words.length > 1 && !name.includes('@') ? words.at(-1) : undefined;
  const letter = (word: string) => (/[\p{L}\p{N}]/u.exec(word)?.[0] ?? '').toUpperCase();
  return letter(first) + (last ? letter(last) : '');
}

/** An address as people write it: without the scheme that tells its kind. */
export function bareAddress(address: string): string {
  return address.replace(/^[a-z]+:(?=\S)/, '');
}
