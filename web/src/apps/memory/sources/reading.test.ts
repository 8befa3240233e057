import { expect, test } from 'vitest';
import { countsOf } from './reading';

test('the figures of a job under way come from its note', () => {
  expect(countsOf({ note: '12 new, 3 known, 1 unreadable', result: null })).toEqual({ added: 12, known: 3, failed: 1, passedOver: 0 });
  expect(countsOf({ note: 'Overwriting what is left', result: null })).toBeUndefined();
});

test('those of one that is done come from its result', () => {
  expect(countsOf({ note: '12 new, 3 known, 1 unreadable', result: { added: 20, known: 3, failed: 2, passed_over: 7 } })).toEqual({ added: 20, known: 3, failed: 2, passedOver: 7 });
});
