import type { ReadProgress } from "../../model/api/read.ts";

import { packResult } from "../protocol/frames.ts";
import type { CallControls, Invocation, WireItem } from "../protocol/messages.ts";
import { explainCall } from "./explain-call.ts";

/** A result, or the last known one. */
interface Item {
  value: unknown;
  isStale?: boolean;
}

/** A call of the client that has several results. Prepares one ahead of the client, and no more. */
export class Results {
  readonly #call: Invocation;
  readonly #items: AsyncIterator<Item>;
  readonly #controller: AbortController;
  #next: Promise<IteratorResult<Item>>;
  #progress: ReadProgress | undefined;
  #onProgress: CallControls["onProgress"];

  constructor(object: object, call: Invocation) {
    this.#call = call;
    this.#controller = new AbortController();
    const onProgress = (progress: ReadProgress) => {
      this.#progress = progress;
      this.#onProgress?.(progress);
    };
    const controls = { signal: this.#controller.signal, onProgress };
    const start = (more: object) => {
      const method = Reflect.get(object, call.method) as (...args: unknown[]) => unknown;
      return method.apply(object, [...call.args, { ...call.options, ...controls, ...more }]);
    };
    this.#items = call.method === "pages" ? pages(start) : knownAndCurrent(start);
    this.#next = this.#readAhead();
  }

  /** Returns the next result; undefined after the last. */
  async next({
    onProgress,
    transfer,
  }: CallControls & { transfer: ArrayBuffer[] }): Promise<WireItem | undefined> {
    this.#onProgress = onProgress;
    if (this.#progress) onProgress?.(this.#progress);
    const item = await this.#next.catch((error: unknown) => {
      throw explainCall("invoke", this.#call, error);
    });
    this.#onProgress = undefined;
    this.#progress = undefined;
    if (item.done) return undefined;
    const { value, ...rest } = item.value;
    this.#next = this.#readAhead();
    return { ...rest, result: packResult(value, transfer) };
  }

  end(): void {
    this.#controller.abort();
  }

  #readAhead(): Promise<IteratorResult<Item>> {
    const item = this.#items.next();
    item.catch(() => undefined); // reported by next(), if that is called
    return item;
  }
}

export const openResults = (object: object, call: Invocation): Results => new Results(object, call);

/** Calls the method with further options. */
type Start = (more: object) => unknown;

async function* pages(start: Start): AsyncGenerator<Item> {
  for await (const value of start({}) as AsyncIterable<unknown>) yield { value };
}

/** Yields what is known, if anything is, and then the result if it is another one. */
async function* knownAndCurrent(start: Start): AsyncGenerator<Item> {
  let current: Promise<unknown> | undefined;
  const first = await new Promise<Item>((resolve, reject) => {
    const onStale = (value: unknown) => resolve({ value, isStale: true });
    current = start({ onStale }) as Promise<unknown>;
    current.then((value) => resolve({ value }), reject);
  });
  yield first;
  const value = await current;
  if (value !== first.value) yield { value };
}
