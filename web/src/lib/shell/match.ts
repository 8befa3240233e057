// How well a query fits a text, for the palette: 0 not at all. Words may come in any order; the start of a word counts
// more than its middle. Chinese has no spaces: its queries match as they are.
export function score(query: string, text: string): number {
  const haystack = text.toLowerCase();
  if (haystack === '') return 0;
  let worth = 0;
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === '') continue;
    const at = haystack.indexOf(word);
    if (at < 0) return 0;
    const before = at === 0 ? '' : haystack.charAt(at - 1);
    const startsWord = before === '' || /[\s._:,-]/.test(before);
    worth += (at === 0 ? 3 : startsWord ? 2 : 1) * (word.length / haystack.length + 0.5);
  }
  return worth;
}
