import { expect, test } from 'vitest';
import { highlights, oneLine, paragraphs, segments } from './text';

test('a name cannot turn its reading direction around or hide characters', () => {
  expect(oneLine('photo\u202egpj.exe')).toBe('photogpj.exe');
  expect(oneLine('a\u0000b\u0007c\u001b[31m')).toBe('abc[31m');
  expect(oneLine(' two\n lines\t')).toBe('two lines');
  expect(oneLine('\u2066旅行\u2069 עברית')).toBe('旅行 עברית');
});

test('markup stays text', () => {
  expect(paragraphs('<img src=x onerror=alert(1)>\r\n**bold**')).toBe('<img src=x onerror=alert(1)>\n**bold**');
});

test('segments marks the first place, whatever the white space', () => {
  expect(segments('Dear Tom,\nsee you  at\nfive.', 'see you at five.')).toEqual([
    { text: 'Dear Tom,\n', marked: false },
    { text: 'see you  at\nfive.', marked: true },
  ]);
  expect(segments('a (b) c', '(b)').map((part) => part.text)).toEqual(['a ', '(b)', ' c']);
  expect(segments('abc', 'x')).toEqual([{ text: 'abc', marked: false }]);
  expect(segments('abc', '')).toEqual([{ text: 'abc', marked: false }]);
  expect(segments('a.*b', '.*').map((part) => part.text)).toEqual(['a', '.*', 'b']);
});

test('words are marked wherever they stand whole; Chinese ones anywhere', () => {
  const marked = (text: string, words: string[]) => highlights(text, words).filter((part) => part.marked).map((part) => part.text);
  expect(marked('Tea and steam, tea.', ['tea'])).toEqual(['Tea', 'tea']);
  expect(marked('我们十月去敦煌看壁画', ['敦煌'])).toEqual(['敦煌']);
  expect(marked('C++ (and c)', ['c++'])).toEqual(['C++']);
  expect(marked('plumbers plumber', ['plumber', 'plumbers'])).toEqual(['plumbers', 'plumber']);
  expect(highlights('nothing', [])).toEqual([{ text: 'nothing', marked: false }]);
  expect(highlights('all tea here', ['tea']).map((part) => part.text).join('')).toBe('all tea here');
});
