import { expect, test } from 'vitest';
import { connectInput, emptyServer, isComplete } from './connect';

const filled = { ...emptyServer(), server: ' imap.example.org ', user: 'ann', password: ' with spaces ' };

test('what is left empty is left out, and a password stays as it is', () => {
  expect(connectInput(filled, '')).toEqual({ kind: 'imap', server: 'imap.example.org', security: 'tls', user: 'ann', password: ' with spaces ' });
});

test('a port is a number, folders are lines', () => {
  expect(connectInput({ ...filled, port: '1143', folders: 'INBOX\n\n Archive \n' }, 'Mine')).toMatchObject({ port: 1143, folders: ['INBOX', 'Archive'], name: 'Mine' });
});

test('server, account and password are needed', () => {
  expect(isComplete(filled)).toBe(true);
  expect(isComplete({ ...filled, password: '' })).toBe(false);
  expect(isComplete(emptyServer())).toBe(false);
});
