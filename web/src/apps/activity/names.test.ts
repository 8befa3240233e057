import { expect, test } from 'vitest';
import { shortPrincipal } from './names.svelte';

test.each([
  ['app:01m8peadn57q2x', 'app:01m8pe…'],
  ['person:01m8peadn57q2x', 'person:01m8pe…'],
  ['run:*', 'run:*'],
  ['app:notes', 'app:notes'],
  ['system', 'system'],
])('%s is shown as %s', (principal, shown) => {
  expect(shortPrincipal(principal)).toBe(shown);
});
