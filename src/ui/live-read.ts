/** The state of a read. */
export interface Loaded<T> {
  /**
   * What the last read returned. Undefined until the first one has ended; while rows of another range of the same series
   * are being read, what was there before.
   */
  readonly data: T | undefined;
  /** Why the last read failed: a `LakotaError`. Undefined after one that succeeded. */
  readonly error: unknown;
  /** Whether a read is under way. */
  readonly isLoading: boolean;
}

/** What a {@link LiveRead} reads. */
export interface LiveSource<T> {
  read(options: { signal: AbortSignal; onStale(known: T): void }): Promise<T>;
  /** Calls `listener` whenever there may be other rows, until the signal aborts. Default: rows are read once. */
  watch?(listener: () => void, signal: AbortSignal): void;
}

/** A read that begins at once and is repeated when rows change. While one is under way, further changes are collected. */
export class LiveRead<T> {
  readonly #source: LiveSource<T>;
  readonly #onChange: (state: Loaded<T>) => void;
  readonly #end = new AbortController();
  #state: Loaded<T> = { data: undefined, error: undefined, isLoading: true };
  #isReading = false;
  #hasChanged = false;

  /** @param onChange called with each state after the first, never during the constructor */
  constructor(source: LiveSource<T>, onChange: (state: Loaded<T>) => void) {
    this.#source = source;
    this.#onChange = onChange;
    // Before the read, so that no change falls between the two.
    source.watch?.(() => this.reload(), this.#end.signal);
    this.reload();
  }

  get state(): Loaded<T> {
    return this.#state;
  }

  /** Reads again, after a read that is under way. */
  reload(): void {
    void this.#read();
  }

  /** Aborts what is under way. The state does not change any more. */
  end(): void {
    this.#end.abort();
  }

  async #read(): Promise<void> {
    this.#hasChanged = true;
    if (this.#isReading) return;
    this.#isReading = true;
    const { signal } = this.#end;
    while (this.#hasChanged && !signal.aborted) {
      this.#hasChanged = false;
      this.#update({ ...this.#state, isLoading: true });
      try {
        const onStale = (data: T) => this.#update({ data, error: undefined, isLoading: true });
        const data = await this.#source.read({ signal, onStale });
        this.#update({ data, error: undefined, isLoading: false });
      } catch (error) {
        this.#update({ ...this.#state, error, isLoading: false });
      }
    }
    this.#isReading = false;
  }

  #update(state: Loaded<T>): void {
    const { data, error, isLoading } = this.#state;
    if (this.#end.signal.aborted) return;
    if (state.data === data && state.error === error && state.isLoading === isLoading) return;
    this.#state = state;
    this.#onChange(state);
  }
}
