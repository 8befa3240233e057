import { expect, test } from 'vitest';
import { hiddenCrumbs } from './crumbs';

test.each([
  [[], 100, 0],
  [[40, 40], 100, 0],
  [[40, 40, 40], 100, 2], // one hidden leaves 80 and the "…" of 30
  [[40, 40, 40], 115, 1],
  [[40, 40, 400], 100, 2], // the last is never hidden, however long
  [[400], 100, 0],
])('of %j in %i pixels %i are hidden', (widths, room, hidden) => {
  expect(hiddenCrumbs(widths, room, 30)).toBe(hidden);
});
