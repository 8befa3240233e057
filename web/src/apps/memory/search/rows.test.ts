import { expect, test } from 'vitest';
import type { Found } from '$lib/types';
import { rowsOf, wordsOf } from './rows';

const found = (item: string, passage: string, words: string[] = [], snippet: Found['snippet'] = []): Found =>
  ({ item, passage, why: words.map((text) => ({ kind: 'word', text })), snippet, source: '1', source_name: 'Mail', title: item, authors: [], score: 1 }) as unknown as Found;

test('passages of one item make one row, in the order of the best', () => {
  const rows = rowsOf([found('b', '1', ['tea']), found('a', '2', ['pot']), found('b', '3', ['tea', 'pot']), found('b', '3')]);
  expect(rows.map((row) => row.item)).toEqual(['b', 'a']);
  expect(rows[0]?.passages.map((one) => one.passage)).toEqual(['1', '3']);
  expect(rows[0]?.why.map((reason) => reason.text)).toEqual(['tea', 'pot']);
});

test('a row shows three passages at most', () => {
  expect(rowsOf(['1', '2', '3', '4', '5'].map((passage) => found('a', passage)))[0]?.passages).toHaveLength(3);
});

test('the words that are marked, each once', () => {
  const snippet = [
    { text: '…Tea', match: true },
    { text: ' for ', match: false },
    { text: '敦煌', match: true },
    { text: ', more ', match: false },
    { text: 'tea', match: true },
  ];
  const [row] = rowsOf([found('a', '1', [], snippet.slice(1)), found('a', '2', [], [{ text: 'Tea', match: true }])]);
  expect(row && wordsOf(row)).toEqual(['敦煌', 'tea']);
});
