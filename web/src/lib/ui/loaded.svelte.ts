// What a screen shows of the box: read when it opens, and again when asked. The last value stays while the next is read.
export class Loaded<T> {
  value = $state.raw<T | undefined>();
  failure = $state.raw<unknown>();
  readonly #read: () => Promise<T>;

  /** In a component's set-up: reads at once. */
  constructor(read: () => Promise<T>) {
    this.#read = read;
    $effect(() => void this.reload());
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
