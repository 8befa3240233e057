// What a screen shows of the box: read when it opens, when asked, and, where that failed, when the box is back. The last value
// stays while the next is read.
import { onEvent } from '../events';

export class Loaded<T> {
  value = $state.raw<T | undefined>();
  failure = $state.raw<unknown>();
  readonly #read: () => Promise<T>;

  /** In a component's set-up: reads at once. */
  constructor(read: () => Promise<T>) {
    this.#read = read;
    $effect(() => {
      void this.reload();
      return onEvent('lost', () => {
        if (this.failure !== undefined) void this.reload();
      });
    });
  }

  reload = async (): Promise<void> => {
    try {
      this.value = await this.#read();
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
    }
  };
}
