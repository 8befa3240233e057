// How much of a path fits in a line: its end, as far as there is room, and the rest behind one "…".

/** Of crumbs as wide as these, how many of the first are hidden behind a "…" that is as wide as `more`. The last always stays. */
export function hiddenCrumbs(widths: readonly number[], room: number, more: number): number {
  let used = widths.reduce((sum, width) => sum + width, 0);
  if (used <= room) return 0;
  let hidden = 0;
  while (hidden < widths.length - 1 && used + (hidden > 0 ? more : 0) > room) used -= widths[hidden++] ?? 0;
  return hidden;
}
