// Passages that were found, put together by the item they stand in: one row for each, in the order of its best passage.
import type { Found } from '$lib/types';
import { oneLine } from '$lib/ui/text';

/** Why something was found: a word that stands in it, its title, who wrote it, when, a word beside it, or what it means. */
export interface Reason {
  kind: 'word' | 'title' | 'person' | 'time' | 'context' | 'meaning';
  text: string;
}

export interface Row {
  item: string;
  best: Found;
  passages: Found[];
  why: Reason[];
}

const shown = 3;

export function rowsOf(found: readonly Found[]): Row[] {
  const rows = new Map<string, Row>();
  for (const one of found) {
    const row = rows.get(one.item);
    if (!row) {
      rows.set(one.item, { item: one.item, best: one, passages: [one], why: joined([], one) });
      continue;
    }
    if (row.passages.length < shown && row.passages.every((other) => other.passage !== one.passage)) row.passages.push(one);
    row.why = joined(row.why, one);
  }
  return [...rows.values()];
}

function joined(known: readonly Reason[], one: Found): Reason[] {
  const all = new Map(known.map((reason) => [`${reason.kind} ${reason.text}`, reason]));
  for (const reason of one.why as readonly (Reason | string)[]) {
    const full: Reason = typeof reason === 'string' ? { kind: 'word', text: reason } : reason;
    all.set(`${full.kind} ${full.text}`, full);
  }
  return [...all.values()];
}

/** The words that a row's snippets mark, for the opened item to mark too. */
export function wordsOf(row: Row): string[] {
  return [...new Set(row.passages.flatMap((one) => one.snippet.filter((piece) => piece.match).map((piece) => piece.text.toLowerCase())))];
}

const lead = 34; // columns before the first match, less than a line of a phone: Chinese characters take two

function columns(character: string): number {
  return /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|[\u{20000}-\u{3ffff}]/u.test(character) ? 2 : 1;
}

/** How much of a snippet is a heading that only says the title, which stands above it. */
function headingLength(snippet: Found['snippet'], title: string): number {
  const first = /^\s*#{0,6}\s*(.*\S)[ \t]*\n\s*(?=\S)/.exec(snippet.map((piece) => piece.text).join(''));
  return first && oneLine(title) !== '' && oneLine(first[1] ?? '') === oneLine(title) ? first[0].length : 0;
}

/** A snippet that begins near its first match, on a word, so that the match is among the lines that are shown. */
export function nearMatch(snippet: Found['snippet'], title = ''): Found['snippet'] {
  let heading = headingLength(snippet, title);
  const pieces = snippet
    .map((piece) => {
      const text = piece.text.slice(heading);
      heading = Math.max(0, heading - piece.text.length);
      return { ...piece, text };
    })
    .map((piece, at) => ({ ...piece, text: piece.text.replace(at === 0 ? /(^|\n)#{1,6}[ \t]+/g : /(\n)#{1,6}[ \t]+/g, '$1').replace(/\s+/g, ' ') }))
    .filter((piece) => piece.text !== '');
  const first = pieces.findIndex((piece) => piece.match);
  if (first <= 0) return pieces;
  const before = [...pieces.slice(0, first).map((piece) => piece.text).join('')];
  let from = before.length;
  for (let room = lead; from > 0; --from) {
    room -= columns(before[from - 1] ?? '');
    if (room < 0) break;
  }
  if (from === 0) return pieces;
  // The next word, where words have spaces between them.
  const space = before.slice(from).findIndex((character) => character === ' ');
  if (space >= 0 && space < 16) from += space + 1;
  return [{ text: `…${before.slice(from).join('')}`, match: false }, ...pieces.slice(first)];
}

/** The words to mark in a row's title: what its snippets mark, and what was asked for. */
export function titleWords(row: Row, query: string): string[] {
  return [...new Set([...wordsOf(row), ...query.toLowerCase().split(/[\s"“”]+/)])].filter((word) => word.length > 1 || /\p{Script=Han}/u.test(word));
}
