import { expect, test } from 'vitest';
import { en } from './en';
import { fill } from './format';
import { zhCN } from './zh-CN';

const values = (message: string) => [...new Set([...message.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort();

test('both languages have the same keys, and none is empty', () => {
  expect(Object.keys(zhCN).sort()).toEqual(Object.keys(en).sort());
  for (const [key, message] of [...Object.entries(en), ...Object.entries(zhCN)]) expect(message.trim(), key).not.toBe('');
});

test('a message takes the same values in both, but for those that only choose a plural', () => {
  for (const [key, message] of Object.entries(en)) {
    const plain = values(message.replace(/\{\w+\|[^}]*\}/g, ''));
    const chinese = values(zhCN[key as keyof typeof en]);
    for (const value of plain) expect(chinese, key).toContain(value);
    for (const value of chinese) expect(values(message), key).toContain(value);
  }
});

test('Chinese texts are Chinese', () => {
  const shared = new Set(['common.of', 'grant.operations_hint', 'grant.token', 'window.menu']);
  for (const [key, message] of Object.entries(zhCN)) {
    if (!shared.has(key)) expect(message, key).toMatch(/[\u4e00-\u9fff]/);
  }
});

test('fill puts values in, chooses plurals, and leaves what it does not know', () => {
  expect(fill('{count} {count|item|items} in {place}', { count: 1, place: 'Home' })).toBe('1 item in Home');
  expect(fill('{count} {count|item|items}', { count: 2 })).toBe('2 items');
  expect(fill('{count} {count|item|items}', { count: 0 })).toBe('0 items');
  expect(fill('{unknown}', { count: 0 })).toBe('{unknown}');
  expect(fill('{name}', { name: '{count}', count: 3 })).toBe('{count}');
});
