// Passages that were found, put together by the item they stand in: one row for each, in the order of its best passage.
import type { Found } from '$lib/types';

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
