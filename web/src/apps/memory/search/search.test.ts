import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Search } from './search.svelte';

interface Asked {
  input: { query: string; typing?: boolean; offset?: number; source?: string };
  signal: AbortSignal | undefined;
  answer: (titles: string[], more?: boolean) => void;
}

let asked: Asked[];
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) =>
    new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      asked.push({
        input: JSON.parse(String(init.body)) as Asked['input'],
        signal: init.signal ?? undefined,
        answer: (titles, more = false) => resolve(new Response(JSON.stringify({ results: titles.map((title) => ({ item: title, passage: title, title, why: [], snippet: [] })), more }))),
      });
    }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

test('keys in a row ask once, after the pause', async () => {
  const search = new Search();
  for (const text of ['v', 'va', 'var']) {
    search.type(text);
    await vi.advanceTimersByTimeAsync(30);
  }
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked.map((one) => one.input.query)).toEqual(['var']);
  expect(asked[0]?.input.typing).toBe(true);
});

test('what is no longer wanted is cancelled, and its answer never shows', async () => {
  const search = new Search();
  search.type('tea');
  await vi.advanceTimersByTimeAsync(200);
  search.type('teapot');
  await vi.advanceTimersByTimeAsync(200);
  expect(asked[0]?.signal?.aborted).toBe(true);
  asked[1]?.answer(['Teapot']);
  asked[0]?.answer(['Tea']);
  await settle();
  expect(search.results.map((one) => one.title)).toEqual(['Teapot']);
  expect(search.busy).toBe(false);
  expect(search.failure).toBeUndefined();
});

test('clearing forgets the answer that is on its way', async () => {
  const search = new Search();
  search.type('tea');
  await vi.advanceTimersByTimeAsync(200);
  search.type('');
  asked[0]?.answer(['Tea']);
  await settle();
  expect(search.results).toEqual([]);
  expect(search.answered).toBeUndefined();
  expect(search.busy).toBe(false);
});

test('more results follow those that are there, within the same filters', async () => {
  const search = new Search();
  search.type('tea');
  search.narrow({ source: '3' });
  asked[0]?.answer(['One', 'Two'], true);
  await settle();
  void search.next();
  await settle();
  expect(asked[1]?.input).toMatchObject({ query: 'tea', offset: 2, source: '3' });
  asked[1]?.answer(['Two', 'Three'], true); // something new has moved the others down
  await settle();
  expect(search.results.map((one) => one.title)).toEqual(['One', 'Two', 'Three']);
  void search.next();
  await settle();
  expect(asked[2]?.input).toMatchObject({ offset: 3 });
  asked[2]?.answer(['Four']);
  await settle();
  expect(search.results.map((one) => one.title)).toEqual(['One', 'Two', 'Three', 'Four']);
  expect(search.more).toBe(false);
});

test('what comes in while results are shown is among them, unless something else is asked meanwhile', async () => {
  const search = new Search();
  void search.refresh();
  search.type('tea');
  await vi.advanceTimersByTimeAsync(200);
  void search.refresh(); // the first answer is not there yet
  asked[0]?.answer(['One']);
  await settle();
  void search.refresh();
  await settle();
  expect(search.busy).toBe(false);
  asked[1]?.answer(['New', 'One'], true);
  await settle();
  expect(asked).toHaveLength(2);
  expect(search.results.map((one) => one.title)).toEqual(['New', 'One']);
  expect(search.more).toBe(true);
  void search.refresh();
  await settle();
  search.type('teapot');
  asked[2]?.answer(['Of tea']);
  await settle();
  expect(search.results.map((one) => one.title)).toEqual(['New', 'One']);
});

test('filters alone list what fits, and stay when the words go; without either there is nothing', async () => {
  const search = new Search();
  search.narrow({ source: '', kinds: [], tags: [] }); // as the box gives a saved search without filters
  expect(search.active).toBe(false);
  search.narrow({ kinds: ['event'] });
  expect(search.active).toBe(true);
  asked[0]?.answer(['Dentist']);
  await settle();
  expect(asked[0]?.input).toMatchObject({ query: '', kinds: ['event'] });
  expect(search.results.map((one) => one.title)).toEqual(['Dentist']);
  search.type('tea');
  await vi.advanceTimersByTimeAsync(200);
  search.clear();
  expect(asked[2]?.input).toMatchObject({ query: '', kinds: ['event'] });
  asked[2]?.answer(['Dentist']);
  await settle();
  search.narrow({});
  expect(search.active).toBe(false);
  expect(search.results).toEqual([]);
  expect(search.answered).toBeUndefined();
});
