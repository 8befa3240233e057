import { expect, test } from 'vitest';
import { score } from './match';

test('words match in any order, the start of a word best', () => {
  expect(score('list files', 'files.list')).toBeGreaterThan(0);
  expect(score('fil', 'Files')).toBeGreaterThan(score('fil', 'Profiles'));
  expect(score('files trash', 'files.list')).toBe(0);
  expect(score('', 'anything')).toBe(0);
  expect(score('回收', '打开回收站')).toBeGreaterThan(0);
  expect(score('x', '')).toBe(0);
});
