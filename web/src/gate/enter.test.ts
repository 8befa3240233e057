import { expect, test } from 'vitest';
import { enteringFrom } from './enter';

test('an entrance that sent somebody here gets them back', () => {
  expect(enteringFrom('?enter=notes&return=%2Fa%3Fb%3D1&state=0123456789abcdef')).toEqual({
    entrance: 'notes',
    twoFactor: false,
    address: '/enter?entrance=notes&return=%2Fa%3Fb%3D1&state=0123456789abcdef',
  });
  expect(enteringFrom('?enter=notes&state=x&two_factor=1')).toEqual({
    entrance: 'notes',
    twoFactor: true,
    address: '/enter?entrance=notes&return=%2F&state=x&two_factor=1',
  });
});

test.each(['', '?', '?enter=notes', '?enter=&state=x', '?enter=Not%20a%20label&state=x', '?enter=..%2F..&state=x', '?enter=-a&state=x'])('%s leads nowhere', (search) => {
  expect(enteringFrom(search)).toBeUndefined();
});

test('whatever is sent, the way on stays on this host', () => {
  const way = enteringFrom('?enter=notes&return=https%3A%2F%2Felsewhere.example%2F&state=%0d%0aX')?.address ?? '';
  expect(new URL(way, 'http://box.example').host).toBe('box.example');
});
