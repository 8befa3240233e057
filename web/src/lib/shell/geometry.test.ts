import { describe, expect, test } from 'vitest';
import { clamp, minimum, placement, rectOf, resize, unsnap, zoneAt, zoneTowards, type Edge, type Zone } from './geometry';

const area = { x: 0, y: 36, width: 1440, height: 786 };

test.each<[number, number, Zone | undefined]>([
  [2, 400, 'left'],
  [1438, 400, 'right'],
  [700, 37, 'maximised'],
  [3, 60, 'top_left'],
  [1437, 60, 'top_right'],
  [3, 800, 'bottom_left'],
  [1437, 800, 'bottom_right'],
  [60, 38, 'top_left'],
  [700, 400, undefined],
  [700, 815, undefined],
])('a pointer at %i, %i asks for %s', (x, y, zone) => {
  expect(zoneAt(x, y, area)).toBe(zone);
});

describe('zones', () => {
  test('halves and quarters lie within the area and do not overlap', () => {
    const left = rectOf('left', area);
    const right = rectOf('right', area);
    expect(left.x).toBeGreaterThanOrEqual(area.x);
    expect(left.x + left.width).toBeLessThan(right.x);
    expect(right.x + right.width).toBeLessThanOrEqual(area.x + area.width);
    const upper = rectOf('top_left', area);
    const lower = rectOf('bottom_left', area);
    expect(upper.y).toBeGreaterThanOrEqual(area.y);
    expect(upper.y + upper.height).toBeLessThan(lower.y);
    expect(lower.y + lower.height).toBeLessThanOrEqual(area.y + area.height);
    expect(rectOf('maximised', area)).toEqual(area);
  });

  test('the arrows walk from zone to zone', () => {
    expect(zoneTowards(undefined, 'left')).toBe('left');
    expect(zoneTowards('left', 'up')).toBe('top_left');
    expect(zoneTowards('left', 'right')).toBeUndefined();
    expect(zoneTowards('maximised', 'down')).toBeUndefined();
    expect(zoneTowards('bottom_right', 'right')).toBe('bottom_right');
  });
});

describe('resizing', () => {
  const rect = { x: 200, y: 200, width: 600, height: 400 };

  test.each<[Edge, number, number, Partial<typeof rect>]>([
    ['e', 50, 99, { width: 650 }],
    ['s', 99, -50, { height: 350 }],
    ['w', 50, 0, { x: 250, width: 550 }],
    ['n', 0, 50, { y: 250, height: 350 }],
    ['nw', -20, -30, { x: 180, y: 170, width: 620, height: 430 }],
    ['se', 20, 30, { width: 620, height: 430 }],
  ])('%s by %i, %i', (edge, dx, dy, changed) => {
    expect(resize(rect, edge, dx, dy, area)).toEqual({ ...rect, ...changed });
  });

  test('stops at the smallest size with the other edge in place, and below the top bar', () => {
    const small = resize(rect, 'w', 5000, 0, area);
    expect(small.width).toBe(minimum.width);
    expect(small.x + small.width).toBe(rect.x + rect.width);
    expect(resize(rect, 'n', 0, -5000, area).y).toBe(area.y);
  });
});

test('a window never leaves for good', () => {
  for (const rect of [
    { x: 9000, y: 9000, width: 500, height: 400 },
    { x: -9000, y: -9000, width: 500, height: 400 },
    { x: 0, y: 0, width: 9000, height: 9000 },
  ]) {
    const kept = clamp(rect, area);
    expect(kept.x + kept.width).toBeGreaterThan(area.x + 40);
    expect(kept.x).toBeLessThan(area.x + area.width - 40);
    expect(kept.y).toBeGreaterThanOrEqual(area.y);
    expect(kept.y).toBeLessThanOrEqual(area.y + area.height - 40);
  }
});

test('new windows do not hide one another', () => {
  const first = placement({ width: 800, height: 500 }, area, []);
  const second = placement({ width: 800, height: 500 }, area, [first]);
  expect([second.x, second.y]).not.toEqual([first.x, first.y]);
});

test('a window dragged out of its zone comes under the pointer in proportion', () => {
  const out = unsnap({ width: 400, height: 300 }, { x: 0, y: 36, width: 1440, height: 786 }, 720, 50);
  expect(out.x).toBe(520);
  expect(out.width).toBe(400);
});
