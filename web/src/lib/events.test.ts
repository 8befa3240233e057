import { expect, test } from 'vitest';
import { pauseBefore } from './events';

test('the pauses between attempts grow, and end at half a minute', () => {
  const pauses = Array.from({ length: 20 }, (_, nth) => pauseBefore(nth, () => 0.5));
  expect(pauses[0]).toBe(500);
  for (let nth = 1; nth < pauses.length; ++nth) expect(pauses[nth]).toBeGreaterThanOrEqual(pauses[nth - 1] ?? 0);
  expect(Math.max(...pauses)).toBe(20_000);
  expect(pauseBefore(50, () => 1)).toBeLessThanOrEqual(30_000);
});
