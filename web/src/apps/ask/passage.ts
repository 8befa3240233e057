// A cited passage as it is shown: without the marks of Markdown headings, and without the title that stands above it anyway.
import { oneLine, paragraphs, type Segment } from '$lib/ui/text';

export interface Cited {
  title: string;
  text: string;
  /** Where its best sentence stands, in characters (code points). */
  sentence_start: number;
  sentence_length: number;
}

const longestLead = 240;

/** "# Bike trip" → "Bike trip", on every line. */
export function withoutHeadingMarks(text: string): string {
  return text.replace(/^#{1,6}[ \t]+/gm, '');
}

/** The passage with its best sentence marked, and no more before it than a few lines. */
export function presented(cited: Cited): Segment[] {
  const characters = [...cited.text];
  const upTo = (end: number) => withoutHeadingMarks(characters.slice(0, end).join(''));
  const whole = upTo(characters.length);
  const title = titleLength(whole, cited.title);
  const from = upTo(cited.sentence_start).length;
  const to = upTo(cited.sentence_start + cited.sentence_length).length;
  const before = whole.slice(title, Math.max(title, from));
  return [
    { text: paragraphs(before.length > longestLead ? `…${before.slice(-200)}` : before), marked: false },
    { text: paragraphs(whole.slice(Math.max(title, from), Math.max(title, to))), marked: true },
    { text: paragraphs(whole.slice(Math.max(title, to))), marked: false },
  ].filter((segment) => segment.text !== '');
}

/** How much of a text its title takes, when it begins with it on a line of its own and goes on after it. */
function titleLength(text: string, title: string): number {
  const first = /^\s*(.*\S)[ \t]*\n\s*(?=\S)/.exec(text);
  return first && oneLine(title) !== '' && oneLine(first[1] ?? '') === oneLine(title) ? first[0].length : 0;
}
