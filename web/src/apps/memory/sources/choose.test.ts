import { expect, test } from 'vitest';
import { isClutter, plan, withoutExtension } from './choose';

const chosen = (...paths: string[]) => paths.map((path) => ({ file: { name: path.split('/').at(-1) } as File, path }));

test('a folder is one source, with its folders kept', () => {
  const [source, ...others] = plan(chosen('Vault/Home.md', 'Vault/trips/Dunhuang.md'), 'Documents');
  expect(others).toEqual([]);
  expect(source?.name).toBe('Vault');
  expect(source?.folder).toBe('/Imported/Vault');
  expect(source?.files.map((entry) => entry.folder)).toEqual(['/Imported/Vault', '/Imported/Vault/trips']);
});

test('loose documents go together, exports stand alone', () => {
  const sources = plan(chosen('Lease.pdf', 'inbox.mbox', 'Photo.JPG', 'result.json', '聊天记录.txt'), 'Documents');
  expect(sources.map((source) => [source.name, source.folder, source.files.length])).toEqual([
    ['Documents', '/Imported/Documents', 2],
    ['inbox', undefined, 1],
    ['result', undefined, 1],
    ['聊天记录', undefined, 1],
  ]);
});

test('clutter is left out, and a drop of only clutter makes nothing', () => {
  expect(plan(chosen('.DS_Store', 'Vault/.obsidian/app.json', 'site/node_modules/a/index.md'), 'Documents')).toEqual([]);
  expect(isClutter('Notes/2026/May.md')).toBe(false);
});

test('a name loses its extension, but never all of itself', () => {
  expect(withoutExtension('inbox.mbox')).toBe('inbox');
  expect(withoutExtension('.mbox')).toBe('.mbox');
  expect(withoutExtension('v1.2 notes')).toBe('v1.2 notes');
  expect(withoutExtension('Notes')).toBe('Notes');
});
