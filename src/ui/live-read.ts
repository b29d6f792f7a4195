import { LakotaError } from "../model/errors.ts";

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
  /** Milliseconds after which a read is repeated that failed for lack of a network. Default: it is not. */
  retryAfter?: number | undefined;
}

/** Whether a later read may succeed without anybody doing anything about it. */
const isTransient = (error: unknown): boolean =>
  error instanceof LakotaError && ["network", "offline", "crashed"].includes(error.code);

/** A read that begins at once and is repeated when rows change. While one is under way, further changes are collected. */
export class LiveRead<T> {
  readonly #source: LiveSource<T>;
  readonly #onChange: (state: Loaded<T>) => void;
  readonly #end = new AbortController();
  #state: Loaded<T> = { data: undefined, error: undefined, isLoading: true };
  #isReading = false;
  #hasChanged = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

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
    clearTimeout(this.#retry);
    this.#hasChanged = true;
    if (!this.#isReading) void this.#readAll();
  }

  /** Aborts what is under way. The state does not change any more. */
  end(): void {
    clearTimeout(this.#retry);
    this.#end.abort();
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#hasChanged && !this.#end.signal.aborted) {
      this.#hasChanged = false;
      this.#update({ ...this.#state, isLoading: true });
      this.#update(await this.#readOnce());
    }
    this.#isReading = false;
  }

  /** Returns the state after a read. */
  async #readOnce(): Promise<Loaded<T>> {
    const { signal } = this.#end;
    const onStale = (data: T) => this.#update({ data, error: undefined, isLoading: true });
    try {
      const data = await this.#source.read({ signal, onStale });
      return { data, error: undefined, isLoading: false };
    } catch (error) {
      const { retryAfter } = this.#source;
      if (retryAfter !== undefined && isTransient(error) && !signal.aborted)
        this.#retry = setTimeout(() => this.reload(), retryAfter);
      return { ...this.#state, error, isLoading: false };
    }
  }

  #update(state: Loaded<T>): void {
    const { data, error, isLoading } = this.#state;
    if (this.#end.signal.aborted) return;
    if (state.data === data && state.error === error && state.isLoading === isLoading) return;
    this.#state = state;
    try {
      this.#onChange(state);
    } catch (thrown) {
      // An error of the listener must not end the reads.
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}
