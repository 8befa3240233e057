// Where windows may be: pure arithmetic on rectangles in CSS pixels.

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

export type Zone = 'maximised' | 'left' | 'right' | 'top_left' | 'top_right' | 'bottom_left' | 'bottom_right';
export type Edge = 'n' | 's' | 'e' | 'w' | 'ne' | 'nw' | 'se' | 'sw';

export const edges: readonly Edge[] = ['n', 's', 'e', 'w', 'ne', 'nw', 'se', 'sw'];
export const minimum: Size = { width: 320, height: 240 };

const margin = 24; // how near to an edge of the area the pointer asks for a snap
const corner = 160; // how far along an edge its corners reach
const gap = 8;
const grip = 96; // how much of a window stays reachable

/** The zone that a window dragged to this point would take; none away from the edges. */
export function zoneAt(x: number, y: number, area: Rect): Zone | undefined {
  const left = x <= area.x + margin;
  const right = x >= area.x + area.width - margin;
  const top = y <= area.y + margin / 2;
  const bottom = y >= area.y + area.height - margin;
  const nearTop = y <= area.y + corner;
  const nearBottom = y >= area.y + area.height - corner;
  const nearLeft = x <= area.x + corner;
  const nearRight = x >= area.x + area.width - corner;
  if ((left && nearTop) || (top && nearLeft)) return 'top_left';
  if ((right && nearTop) || (top && nearRight)) return 'top_right';
  if ((left && nearBottom) || (bottom && nearLeft)) return 'bottom_left';
  if ((right && nearBottom) || (bottom && nearRight)) return 'bottom_right';
  if (left) return 'left';
  if (right) return 'right';
  if (top) return 'maximised';
  return undefined;
}

/** The rectangle of a zone, with a small gap around it that shows the desktop. */
export function rectOf(zone: Zone, area: Rect): Rect {
  if (zone === 'maximised') return { ...area };
  const halfWidth = Math.floor((area.width - 3 * gap) / 2);
  const halfHeight = Math.floor((area.height - 3 * gap) / 2);
  const leftX = area.x + gap;
  const rightX = area.x + area.width - gap - halfWidth;
  const topY = area.y + gap;
  const bottomY = area.y + area.height - gap - halfHeight;
  const fullHeight = area.height - 2 * gap;
  switch (zone) {
    case 'left':
      return { x: leftX, y: topY, width: halfWidth, height: fullHeight };
    case 'right':
      return { x: rightX, y: topY, width: halfWidth, height: fullHeight };
    case 'top_left':
      return { x: leftX, y: topY, width: halfWidth, height: halfHeight };
    case 'top_right':
      return { x: rightX, y: topY, width: halfWidth, height: halfHeight };
    case 'bottom_left':
      return { x: leftX, y: bottomY, width: halfWidth, height: halfHeight };
    case 'bottom_right':
      return { x: rightX, y: bottomY, width: halfWidth, height: halfHeight };
  }
}

/** The zone next to `zone` in a direction: what Ctrl+Alt+arrow does. `undefined` is the free window. */
export function zoneTowards(zone: Zone | undefined, direction: 'left' | 'right' | 'up' | 'down'): Zone | undefined {
  const table: Record<string, Partial<Record<typeof direction, Zone | 'free'>>> = {
    free: { left: 'left', right: 'right', up: 'maximised' },
    maximised: { left: 'left', right: 'right', down: 'free' },
    left: { right: 'free', up: 'top_left', down: 'bottom_left' },
    right: { left: 'free', up: 'top_right', down: 'bottom_right' },
    top_left: { right: 'top_right', down: 'left', up: 'maximised' },
    top_right: { left: 'top_left', down: 'right', up: 'maximised' },
    bottom_left: { right: 'bottom_right', up: 'left', down: 'free' },
    bottom_right: { left: 'bottom_left', up: 'right', down: 'free' },
  };
  const next = table[zone ?? 'free']?.[direction];
  if (next === undefined) return zone;
  return next === 'free' ? undefined : next;
}

function within(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, Math.max(low, high)));
}

/** The same window, no larger than the area and never out of reach: its title bar stays inside. */
export function clamp(rect: Rect, area: Rect): Rect {
  const width = within(rect.width, Math.min(minimum.width, area.width), area.width);
  const height = within(rect.height, Math.min(minimum.height, area.height), area.height);
  return {
    width,
    height,
    x: within(rect.x, area.x + grip - width, area.x + area.width - grip),
    y: within(rect.y, area.y, area.y + area.height - 40),
  };
}

/** The window after one of its edges was dragged by (dx, dy): the opposite edge stays where it is. */
export function resize(rect: Rect, edge: Edge, dx: number, dy: number, area: Rect): Rect {
  let { x, y, width, height } = rect;
  if (edge.includes('e')) width = Math.max(minimum.width, width + dx);
  if (edge.includes('s')) height = Math.max(minimum.height, height + dy);
  if (edge.includes('w')) {
    const right = x + width;
    width = Math.max(minimum.width, width - dx);
    x = right - width;
  }
  if (edge.includes('n')) {
    const bottom = y + height;
    height = Math.max(minimum.height, Math.min(height - dy, bottom - area.y));
    y = bottom - height;
  }
  return { x, y, width, height };
}

/** Where a new window goes: centred, each a step further than the last. */
export function placement(size: Size, area: Rect, taken: readonly Rect[]): Rect {
  const width = Math.min(size.width, area.width - 2 * gap);
  const height = Math.min(size.height, area.height - 2 * gap);
  let x = Math.round(area.x + (area.width - width) / 2);
  let y = Math.round(area.y + (area.height - height) * 0.4);
  for (let step = 0; step < 12 && taken.some((other) => Math.abs(other.x - x) < 24 && Math.abs(other.y - y) < 24); ++step) {
    x += 32;
    y += 32;
  }
  return clamp({ x, y, width, height }, area);
}

/** The window being dragged off its zone: its free size, under the pointer in the same proportion. */
export function unsnap(free: Size, snapped: Rect, pointerX: number, pointerY: number): Rect {
  const share = (pointerX - snapped.x) / Math.max(1, snapped.width);
  return { x: Math.round(pointerX - free.width * share), y: Math.max(0, pointerY - 18), width: free.width, height: free.height };
}
