// Search as you type: waits for a pause between keys, drops what is no longer wanted, and knows what it narrowed to.
import { api } from '$lib/api.gen';
import type { Found } from '$lib/types';
import { ApiError } from '$lib/transport';
import { narrowing, type Filters } from './filters';
import { rowsOf } from './rows';

const pause = 90; // milliseconds between the last key and the question
const firstPage = 20; // what is seen while one types comes soonest
const page = 40;
const most = 100; // that one answer holds

export class Search {
  query = $state('');
  filters = $state.raw<Filters>({});
  results = $state.raw<Found[]>([]);
  more = $state(false);
  busy = $state(false);
  failure = $state.raw<unknown>();
  took = $state(0);
  /** What the results answer: they stay on the screen while the next ones are looked for. */
  answered = $state<string | undefined>();
  rows = $derived(rowsOf(this.results));
  narrowed = $derived(Object.keys(this.filters).length > 0);
  /** There are words to look for, or filters that say what to list. */
  active = $derived(this.query.trim() !== '' || this.narrowed);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  #typing = false; // whether the results are those of an unfinished word

  type(text: string): void {
    this.query = text;
    clearTimeout(this.#timer);
    if (!this.active) {
      this.#drop();
      return;
    }
    this.#timer = setTimeout(() => void this.run(true), pause);
  }

  narrow(filters: Filters): void {
    this.filters = narrowing(filters);
    if (this.active) void this.run(false);
    else this.#drop();
  }

  /** Takes the words away; the filters stay. */
  clear(): void {
    this.query = '';
    if (this.active) void this.run(false);
    else this.#drop();
  }

  reset(): void {
    this.query = '';
    this.narrow({});
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
    this.results = [];
    this.answered = undefined;
    this.more = false;
    this.busy = false;
    this.failure = undefined;
  }

  async run(typing: boolean): Promise<void> {
    clearTimeout(this.#timer);
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const query = this.query.trim();
    if (!this.active) return;
    this.busy = true;
    this.#typing = typing;
    const begun = performance.now();
    try {
      const answer = await api.memory.search({ query, typing, limit: firstPage, ...this.filters }, running.signal);
      if (running.signal.aborted) return;
      this.results = answer.results;
      this.more = answer.more;
      this.took = performance.now() - begun;
      this.answered = query;
      this.failure = undefined;
    } catch (error) {
      if (running.signal.aborted || (error instanceof ApiError && error.code === 'cancelled')) return;
      this.failure = error;
      this.results = [];
      this.more = false;
    } finally {
      if (!running.signal.aborted) this.busy = false;
    }
  }

  /** Adds the next results below those that are there. */
  async next(): Promise<void> {
    const running = this.#running;
    if (!this.more || this.busy || !running) return;
    this.busy = true;
    try {
      const offset = this.results.length;
      const answer = await api.memory.search({ query: this.query.trim(), typing: this.#typing, limit: page, offset, ...this.filters }, running.signal);
      if (running.signal.aborted) return;
      const shown = new Set(this.results.map((one) => one.passage));
      this.results = [...this.results, ...answer.results.filter((one) => !shown.has(one.passage))];
      this.more = answer.more && answer.results.length > 0;
    } catch (error) {
      if (!running.signal.aborted) this.failure = error;
    } finally {
      if (!running.signal.aborted) this.busy = false;
    }
  }

  /** Asks the same again, unseen: something has changed in the memory. */
  async refresh(): Promise<void> {
    const running = this.#running;
    const query = this.query.trim();
    if (this.busy || !running || !this.active || this.answered !== query || this.results.length > most) return;
    const limit = Math.max(firstPage, this.results.length);
    const answer = await api.memory.search({ query, typing: this.#typing, limit, ...this.filters }, running.signal).catch(() => undefined);
    if (!answer || running.signal.aborted || this.query.trim() !== query || this.results.length > limit) return;
    this.results = answer.results;
    this.more = answer.more;
  }
}
