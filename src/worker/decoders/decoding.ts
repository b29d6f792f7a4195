import { lazy } from "../../async/lazy.ts";
import { type DecodeChunk, type DecodeTask, decodeChunk } from "../../codecs/chunk.ts";
import type { DecoderPool } from "./pool.ts";
import { MIN_WORK, workOf } from "./work.ts";

const decoders = lazy(() => import("./pool.ts"));

/** Decodes small chunks on this thread. The code that passes large ones to workers is loaded with the first of them. */
export class Decoding {
  readonly #size: number | undefined;
  readonly #warn: (message: string) => void;
  #pool: Promise<DecoderPool> | undefined;

  /** @param size workers at most. Default: as {@link DecoderPool} */
  constructor(size: number | undefined, warn: (message: string) => void) {
    this.#size = size;
    this.#warn = warn;
  }

  readonly decode: DecodeChunk = Object.assign(
    async (task: DecodeTask, signal?: AbortSignal) => {
      const pool = workOf(task) < MIN_WORK ? undefined : await this.#start().catch(() => undefined);
      return (pool?.decode ?? decodeChunk)(task, signal);
    },
    {
      expect: (bytes: number) =>
        void this.#start().then(
          ({ decode }) => decode.expect?.(bytes),
          () => {},
        ),
    },
  );

  close(): void {
    this.#pool?.then((pool) => pool.close()).catch(() => {});
  }

  #start(): Promise<DecoderPool> {
    this.#pool ??= decoders().then(({ DecoderPool }) => new DecoderPool(this.#size, this.#warn));
    this.#pool.catch(() => {
      this.#pool = undefined;
    });
    return this.#pool;
  }
}
