// Text that others wrote, made safe to show. It is only ever put into the page as text, never as markup; what remains is
// what plain text itself can do: control characters and marks that turn the reading direction around.

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line, such as a file's name or a subject: nothing in it can hide or reorder its characters. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(controls, '').replace(directions, '').trim();
}

/** Several lines: line breaks and tabs stay. */
export function paragraphs(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(controls, '').replace(directions, '');
}

export interface Segment {
  text: string;
  marked: boolean;
}

/** Cuts a text around the first place where `part` stands; white space may differ. */
export function segments(text: string, part: string): Segment[] {
  const words = part.trim().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [{ text, marked: false }];
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+'));
  const found = pattern.exec(text);
  if (!found) return [{ text, marked: false }];
  const end = found.index + found[0].length;
  return [
    { text: text.slice(0, found.index), marked: false },
    { text: found[0], marked: true },
    { text: text.slice(end), marked: false },
  ].filter((segment) => segment.text !== '');
}

/** Cuts a text at every place where one of the words stands, however it is written: large or small. */
export function highlights(text: string, words: readonly string[]): Segment[] {
  const wanted = words.filter((word) => word.trim() !== '').sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return [{ text, marked: false }];
  // Words of letters are marked as words, not inside others; Chinese ones wherever they stand.
  const patterns = wanted.map((word) => {
    const plain = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d]+$/u.test(word) ? `(?<![\\p{L}\\d])${plain}(?![\\p{L}\\d])` : plain;
  });
  const pattern = new RegExp(patterns.join('|'), 'giu');
  const parts: Segment[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), marked: false });
    parts.push({ text: match[0], marked: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}
