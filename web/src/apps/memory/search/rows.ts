// Passages that were found, put together by the item they stand in: one row for each, in the order of its best passage.
import type { Found } from '$lib/types';

export interface Row {
  item: string;
  best: Found;
  passages: Found[];
  why: string[];
}

const shown = 3;

export function rowsOf(found: readonly Found[]): Row[] {
  const rows = new Map<string, Row>();
  for (const one of found) {
    const row = rows.get(one.item);
    if (!row) {
      rows.set(one.item, { item: one.item, best: one, passages: [one], why: [...new Set(one.why)] });
      continue;
    }
    if (row.passages.length < shown && row.passages.every((other) => other.passage !== one.passage)) row.passages.push(one);
    row.why = [...new Set([...row.why, ...one.why])];
  }
  return [...rows.values()];
}

/** The words that a row's snippets mark, for the opened item to mark too. */
export function wordsOf(row: Row): string[] {
  return [...new Set(row.passages.flatMap((one) => one.snippet.filter((piece) => piece.match).map((piece) => piece.text.toLowerCase())))];
}
