import { expect, test } from 'vitest';
import { qrCode } from './qr';

test('a short text makes the square that a scanner reads as it', () => {
  expect(qrCode('hearth').map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))).toEqual([
    '#######...#.#.#######',
    '#.....#.#...#.#.....#',
    '#.###.#..##...#.###.#',
    '#.###.#...###.#.###.#',
    '#.###.#.#####.#.###.#',
    '#.....#....#..#.....#',
    '#######.#.#.#.#######',
    '.........#...........',
    '#.#.#.#.....#...#..#.',
    '#.##...#####.#.#...##',
    '#.#.#####.##.###.####',
    '###.#...#.####.##..#.',
    '#.###.####.#.###.....',
    '........##....##.#.##',
    '#######..#..#...#####',
    '#.....#.......##...##',
    '#.###.#.##..#.#..#.##',
    '#.###.#...##.#.###.#.',
    '#.###.#.##.#.####...#',
    '#.....#...####.#...#.',
    '#######.#..#.#####.##',
  ]);
});

test('the square grows with the text, and says when it cannot', () => {
  for (const [length, size] of [
    [14, 21],
    [15, 25],
    [106, 41],
    [180, 53],
    [213, 57],
    [600, 93],
  ] as const) {
    const square = qrCode('x'.repeat(length));
    expect(square).toHaveLength(size);
    expect(square.every((row) => row.length === size)).toBe(true);
  }
  expect(() => qrCode('x'.repeat(1000))).toThrow(RangeError);
});
