import { expect, test } from 'vitest';
import type { Item } from '$lib/types';
import { spokenLine, spokenLines } from './spoken';

test('a line of a transcript tells its second', () => {
  expect(spokenLine({ id: '5', text: '[1:02:03] Ann: It leaks.\n' })).toEqual({ passage: '5', at: '1:02:03', seconds: 3723, text: 'Ann: It leaks.' });
  expect(spokenLine({ id: '6', text: '[0:07] 修锅炉。\n' })?.seconds).toBe(7);
  expect(spokenLine({ id: '7', text: '[draft] no time\n' })).toBeUndefined();
});

test('only a recording that was transcribed has lines', () => {
  const item = { kind: 'audio', tags: ['transcript'], passages: [{ id: '1', text: 'Album\n' }, { id: '2', text: '[0:07] Yes.\n' }] } as unknown as Item;
  expect(spokenLines(item).map((line) => line.passage)).toEqual(['2']);
  expect(spokenLines({ ...item, tags: [] })).toEqual([]);
});
