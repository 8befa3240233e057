import type { Item } from '$lib/types';

// A line of a recording's transcript: the memory writes it as "[1:02:03] Ann: text", a passage each.
export interface SpokenLine {
  passage: string;
  at: string; // as it is written
  seconds: number;
  text: string;
}

export function spokenLine(passage: Item['passages'][number]): SpokenLine | undefined {
  const found = /^\[((?:(\d+):)?(\d{1,2}):(\d{2}))\] ([^]*)$/.exec(passage.text);
  if (!found) return undefined;
  const [, at = '', hours = '0', minutes = '0', seconds = '0', text = ''] = found;
  return { passage: passage.id, at, seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), text: text.trimEnd() };
}

// Of an item that is no recording with a transcript: none.
export function spokenLines(item: Item): SpokenLine[] {
  if (item.kind !== 'audio' || !item.tags.includes('transcript')) return [];
  return item.passages.flatMap((passage) => spokenLine(passage) ?? []);
}
