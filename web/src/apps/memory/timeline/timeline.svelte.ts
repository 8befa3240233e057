// The timeline as it is read: page by page, from now or from a month, of all kinds or some.
import { api } from '$lib/api.gen';
import type { TimelineEntry } from '$lib/types';
import type { ItemKind } from '../kinds';
import { zoneAt } from './days';

const page = 60;

export class Timeline {
  entries = $state.raw<TimelineEntry[]>([]);
  kinds = $state.raw<ItemKind[]>([]);
  person = $state<string | undefined>();
  /** The month that it was moved to; undefined at the newest. */
  month = $state.raw<{ year: number; month: number } | undefined>();
  ended = $state(false);
  busy = $state(false);
  loaded = $state(false);
  failure = $state.raw<unknown>();
  #cursor = '';
  #running: AbortController | undefined;

  #input() {
    const month = this.month;
    return {
      zone: zoneAt(new Date()),
      limit: page,
      ...(this.kinds.length > 0 ? { kinds: this.kinds } : {}),
      ...(this.person ? { person: this.person } : {}),
      ...(month ? { before: new Date(month.year, month.month + 1, 1, 0, 0, 0, -1).toISOString() } : {}),
    };
  }

  /** Begins anew; what is shown stays until the first page is there. */
  async begin(): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    try {
      const answer = await api.memory.timeline(this.#input(), running.signal);
      if (running.signal.aborted) return;
      this.entries = answer.items;
      this.#cursor = answer.next;
      this.ended = answer.next === '';
      this.failure = undefined;
      this.loaded = true;
    } catch (error) {
      if (!running.signal.aborted) this.failure = error;
    } finally {
      if (!running.signal.aborted) this.busy = false;
    }
  }

  async more(): Promise<void> {
    const running = this.#running;
    if (this.busy || this.ended || !running) return;
    this.busy = true;
    try {
      const answer = await api.memory.timeline({ ...this.#input(), cursor: this.#cursor }, running.signal);
      if (running.signal.aborted) return;
      this.entries = [...this.entries, ...answer.items];
      this.#cursor = answer.next;
      this.ended = answer.next === '';
    } catch (error) {
      if (!running.signal.aborted) this.failure = error;
    } finally {
      if (!running.signal.aborted) this.busy = false;
    }
  }

  stop(): void {
    this.#running?.abort();
  }
}
