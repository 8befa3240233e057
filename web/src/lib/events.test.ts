import { expect, test, vi } from 'vitest';
import { connect, disconnect, onEvent, pauseBefore } from './events';
import { call } from './transport';

test('the pauses between attempts grow, and end at some five seconds', () => {
  const pauses = Array.from({ length: 20 }, (_, nth) => pauseBefore(nth, () => 0.5));
  expect(pauses[0]).toBe(500);
  for (let nth = 1; nth < pauses.length; ++nth) expect(pauses[nth]).toBeGreaterThanOrEqual(pauses[nth - 1] ?? 0);
  expect(Math.max(...pauses)).toBe(4000);
  expect(pauseBefore(50, () => 1)).toBeLessThanOrEqual(5000);
});

test('an answered call brings the stream back at once, but does not press a box that refuses it', async () => {
  const made: { readyState: number; close(): void; onopen?: () => void; onclose?: (event: { code: number }) => void }[] = [];
  class Socket {
    static OPEN = 1;
    readyState = 0;
    constructor() {
      made.push(this);
    }
    close() {
      this.readyState = 3;
    }
  }
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('location', { protocol: 'http:', host: 'box' });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
  vi.stubGlobal('fetch', async () => new Response('{}'));
  const told: string[] = [];
  const ends = ['connection', 'lost'].map((topic) => onEvent(topic, (event) => told.push(topic + JSON.stringify(event.data))));
  const last = () => made.at(-1)!;

  connect();
  last().readyState = 1;
  last().onopen?.();
  last().readyState = 3;
  last().onclose?.({ code: 1006 });
  expect(told).toEqual(['connection{"open":true}', 'connection{"open":false}']);
  for (let broken = 0; broken < 8; ++broken) {
    await vi.advanceTimersByTimeAsync(5001);
    last().readyState = 3;
    last().onclose?.({ code: 1006 });
  }
  const before = made.length;
  await vi.advanceTimersByTimeAsync(1500); // well within the pause
  expect(made.length).toBe(before);
  await call('system.state', {});
  expect(made.length).toBe(before + 1);
  await call('system.state', {});
  expect(made.length).toBe(before + 1);
  // One that hangs gives way to the next, after a while.
  await vi.advanceTimersByTimeAsync(1500);
  await call('system.state', {});
  expect(made.length).toBe(before + 1);
  await vi.advanceTimersByTimeAsync(4000);
  await call('system.state', {});
  expect(made.length).toBe(before + 2);
  last().readyState = 1;
  last().onopen?.();
  expect(told.slice(-2)).toEqual(['connection{"open":true}', 'lost{}']);
  await vi.advanceTimersByTimeAsync(1500);
  await call('system.state', {});
  expect(made.length).toBe(before + 2);
  disconnect();
  ends.forEach((end) => end());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
