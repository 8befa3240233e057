import { expect, test } from 'vitest';
import { asOwnPath, downloadUrl, isWithin, join, nameOf, parent, splitExtension, trail } from './paths';

test('paths are put together and taken apart', () => {
  expect(join('/', 'a')).toBe('/a');
  expect(join('/a', 'b')).toBe('/a/b');
  expect(parent('/a/b')).toBe('/a');
  expect(parent('/a')).toBe('/');
  expect(parent('/')).toBe('/');
  expect(nameOf('/a/b c')).toBe('b c');
  expect(trail('/a/b')).toEqual([
    ['a', '/a'],
    ['b', '/a/b'],
  ]);
  expect(trail('/')).toEqual([]);
});

test('addresses are encoded name by name', () => {
  expect(downloadUrl('/旅行/50% off?.txt', false)).toBe('/files/%E6%97%85%E8%A1%8C/50%25%20off%3F.txt');
  expect(downloadUrl('/a#b', true)).toBe('/files/a%23b?download=1');
});

test('a folder holds itself and what is below, not its namesakes', () => {
  expect(isWithin('/a', '/a')).toBe(true);
  expect(isWithin('/a/b', '/a')).toBe(true);
  expect(isWithin('/ab', '/a')).toBe(false);
  expect(isWithin('/x', '/')).toBe(true);
});

test.each([
  ['notes.txt', 'notes', '.txt'],
  ['archive.tar.gz', 'archive', '.tar.gz'],
  ['.profile', '.profile', ''],
  ['v1.2 final', 'v1.2 final', ''],
  ['plain', 'plain', ''],
])('%s is %s and %s', (name, stem, extension) => {
  expect(splitExtension(name)).toEqual([stem, extension]);
});

test('a place on the disk is shown as it is known in Files', () => {
  expect(asOwnPath('/srv/hearth/files/p1/home/Notes/a.md', 'p1')).toBe('/Notes/a.md');
  expect(asOwnPath('/srv/hearth/files/p1/home', 'p1')).toBe('/');
  expect(asOwnPath('/srv/hearth/files/p2/home/Notes', 'p1')).toBe('/srv/hearth/files/p2/home/Notes');
  expect(asOwnPath('/srv/hearth/files/p1/homely', 'p1')).toBe('/srv/hearth/files/p1/homely');
});
