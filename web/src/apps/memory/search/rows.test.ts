import { expect, test } from 'vitest';
import type { Found } from '$lib/types';
import { nearMatch, rowsOf, titleWords, wordsOf } from './rows';

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

test('a snippet begins near its first match, on a word', () => {
  const long = 'The road was long and the weather changed twice a day, so we slept in barns.\nThe kit is in the ';
  const shown = nearMatch([{ text: long, match: false }, { text: 'saddlebag', match: true }, { text: ' now.', match: false }]);
  expect(shown.map((piece) => piece.text)).toEqual(['…in barns. The kit is in the ', 'saddlebag', ' now.']);
  expect(nearMatch([{ text: '我们去年秋天从兰州出发一路向西走了整整十天，终于看到了', match: false }, { text: '壁画', match: true }])[0]?.text).toBe('…发一路向西走了整整十天，终于看到了');
  const short = [{ text: 'In the ', match: false }, { text: 'bag', match: true }];
  expect(nearMatch(short)).toEqual(short);
  expect(nearMatch([{ text: 'none', match: false }])).toEqual([{ text: 'none', match: false }]);
  expect(nearMatch([])).toEqual([]);
});

test('a heading that says the title again is not shown again', () => {
  const snippet = [{ text: '# ', match: false }, { text: 'Bike', match: true }, { text: ' trip\n\nWe take the\n## pump and the ', match: false }, { text: 'kit', match: true }];
  expect(nearMatch(snippet, 'Bike trip').map((piece) => piece.text)).toEqual(['We take the pump and the ', 'kit']);
  expect(nearMatch(snippet, 'Another').map((piece) => piece.text)).toEqual(['Bike', ' trip We take the pump and the ', 'kit']);
  expect(nearMatch([{ text: '# Bike trip', match: true }], 'Bike trip')).toEqual([{ text: 'Bike trip', match: true }]);
});

test('a title marks what was asked for and what was found', () => {
  const [row] = rowsOf([found('a', '1', [], [{ text: 'Saddlebags', match: true }])]);
  expect(row && titleWords(row, 'Bike a 车 "trip"')).toEqual(['saddlebags', 'bike', '车', 'trip']);
});
