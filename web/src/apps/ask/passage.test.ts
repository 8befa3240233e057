import { expect, test } from 'vitest';
import { presented, withoutHeadingMarks } from './passage';

/** A passage whose best sentence is this one. */
const cited = (title: string, text: string, sentence: string) => {
  const at = [...text.slice(0, text.indexOf(sentence))].length;
  return presented({ title, text, sentence_start: at, sentence_length: [...sentence].length }).map(({ text, marked }) => (marked ? `[${text}]` : text));
};

test('a heading loses its marks, and a title that is there already is not said again', () => {
  expect(cited('Bike trip', '# Bike trip\n\nThe pump is in the bag. Bring it.', 'The pump is in the bag.')).toEqual(['[The pump is in the bag.]', ' Bring it.']);
  expect(cited('Bike trip', 'Before.\n## Packing\nThe pump.', 'The pump.')).toEqual(['Before.\nPacking\n', '[The pump.]']);
  expect(cited('敦煌', '# 敦煌\n𠀀我们十月去。\n## 车票', '我们十月去。')).toEqual(['𠀀', '[我们十月去。]', '\n车票']);
});

test('a sentence that takes in the heading, or is nothing else, stays readable', () => {
  expect(cited('Bike trip', '# Bike trip\nWe ride.', '# Bike trip\nWe ride.')).toEqual(['[We ride.]']);
  expect(cited('Bike trip', '# Bike trip', '# Bike trip')).toEqual(['[Bike trip]']);
  expect(cited('Other', '# Bike trip\n\nWe ride.', '# Bike trip')).toEqual(['[Bike trip]', '\n\nWe ride.']);
});

test('what is no heading stays', () => {
  expect(withoutHeadingMarks('#tag and # no heading\n#### Yes\n####### no')).toBe('#tag and # no heading\nYes\n####### no');
});

test('a long way to the sentence is cut', () => {
  const [lead] = cited('x', `${'long '.repeat(100)}Here.`, 'Here.');
  expect(lead).toMatch(/^…/);
  expect(lead?.length).toBe(201);
});
