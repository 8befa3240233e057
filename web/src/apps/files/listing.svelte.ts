// What a folder holds: read in pages, kept up to date while it is shown, with what is selected in it.
import { api } from '$lib/api.gen';
import { onEvent } from '$lib/events';
import type { Entry } from '$lib/types';

const pageSize = 1000;
export type Order = 'name' | 'modified' | 'size';

export class Listing {
  path = $state('/');
  order = $state<Order>('name');
  entries = $state.raw<Entry[]>([]);
  total = $state(0);
  unreadable = $state(0);
  loading = $state(false);
  failure = $state.raw<unknown>();
  selected = $state.raw<ReadonlySet<string>>(new Set());
  at = $state(-1); // the row that the keyboard is on
  #anchor = -1;
  #run = 0;
  #watch: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #end: () => void;

  constructor() {
    this.#end = onEvent('lost', () => void this.reload());
  }

  destroy(): void {
    this.#run += 1;
    this.#watch?.abort();
    clearTimeout(this.#timer);
    this.#end();
  }

  async show(path: string): Promise<void> {
    this.path = path;
    this.entries = [];
    this.select([]);
    this.at = -1;
    this.#watchFolder(path);
    await this.reload();
  }

  /** Reads the folder anew; what is shown stays until the first page is there. */
  async reload(): Promise<void> {
    const run = ++this.#run;
    const { path, order } = this;
    this.loading = true;
    this.failure = undefined;
    try {
      let collected: Entry[] = [];
      let after: string | undefined;
      do {
        const page = await api.files.list({ path, order, limit: pageSize, ...(after === undefined ? {} : { after }) });
        if (run !== this.#run) return;
        collected = [...collected, ...page.entries];
        // While more is to come, never show fewer rows than before: nothing jumps.
        if (page.next === undefined || collected.length >= this.entries.length) this.entries = collected;
        this.total = page.total;
        this.unreadable = page.unreadable;
        after = page.next;
      } while (after !== undefined);
      const there = new Set(collected.map((entry) => entry.path));
      this.select([...this.selected].filter((selected) => there.has(selected)));
      this.at = Math.min(this.at, collected.length - 1);
    } catch (error) {
      if (run === this.#run) {
        this.failure = error;
        this.entries = [];
      }
    } finally {
      if (run === this.#run) this.loading = false;
    }
  }

  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.reload(), 120);
  }

  #watchFolder(path: string): void {
    this.#watch?.abort();
    const abort = (this.#watch = new AbortController());
    const follow = async () => {
      try {
        for await (const change of api.files.watch({ path }, abort.signal)) {
          if (change) this.soon();
        }
      } catch {
        // The listing itself says what is wrong with the folder; live changes come back with the connection.
      }
      if (!abort.signal.aborted) setTimeout(() => void (abort.signal.aborted ? undefined : follow()), 3000);
    };
    void follow();
  }

  // --- selection ---

  select(paths: Iterable<string>): void {
    this.selected = new Set(paths);
  }

  /** Something else is shown instead: nothing is chosen any more. */
  leave(): void {
    this.select([]);
    this.at = -1;
    this.#anchor = -1;
  }

  chosen(): Entry[] {
    return this.entries.filter((entry) => this.selected.has(entry.path));
  }

  /** A click or key on a row: alone, toggling it, or reaching from the anchor to it. */
  pick(index: number, how: 'only' | 'toggle' | 'range'): void {
    const entry = this.entries[index];
    if (!entry) return;
    this.at = index;
    if (how === 'range' && this.#anchor >= 0) {
      const [from, to] = this.#anchor < index ? [this.#anchor, index] : [index, this.#anchor];
      this.select(this.entries.slice(from, to + 1).map((other) => other.path));
      return;
    }
    this.#anchor = index;
    if (how === 'toggle') {
      const next = new Set(this.selected);
      if (!next.delete(entry.path)) next.add(entry.path);
      this.selected = next;
    } else {
      this.select([entry.path]);
    }
  }
}
