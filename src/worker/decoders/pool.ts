import { untilAborted } from "../../async/abort.ts";
import { type DecodeChunk, type DecodedChunk, type DecodeTask, decodeChunk } from "../../codecs/chunk.ts";
import { asLakotaError, LakotaError, throwIfAborted } from "../../model/errors.ts";
import { Decoder, DecoderCrashed } from "./decoder-handle.ts";
import { ADVICE } from "./no-decoders.ts";
import { MIN_WORK, workOf } from "./work.ts";

/** Decoded bytes of a read for each decoder that is started ahead: about two long chunks. */
const WORK_OF_DECODER = 8 << 20;

const MAX_DECODERS = 4;

/** Unfinished tasks of a decoder at most: the current one, and the next, so that it never idles. */
const MAX_LOAD = 2;

/** Milliseconds after a failed start of a decoder before the next one: the network may be down. */
const RESTART_AFTER = 60_000;

interface QueuedTask {
  work: number;
  /** @param decoder undefined to decode on this thread */
  start(decoder: Decoder | undefined): void;
}

/** Decodes small chunks on this thread and large ones in workers, the smallest first. */
export class DecoderPool {
  readonly #warn: (message: string) => void;
  readonly #decoders: Decoder[] = [];
  readonly #queue: QueuedTask[] = [];
  #size: number;
  /** Until when no decoder is started, in epoch milliseconds; and whether that was reported. */
  #pausedUntil = 0;
  #hasWarned = false;
  /** Unfinished large chunks. */
  #load = 0;
  /** Whether this thread is decoding a large one. */
  #isDecoding = false;

  /** @param size workers at most; they are started on demand */
  constructor(size: number = defaultSize(), warn: (message: string) => void = console.warn) {
    this.#size = "Worker" in globalThis ? size : 0;
    this.#warn = warn;
  }

  /** Its `expect` starts decoders while the chunks are still being fetched. */
  readonly decode: DecodeChunk = Object.assign(
    (task: DecodeTask, signal?: AbortSignal) => this.#decode(task, signal),
    { expect: (bytes: number) => this.#startDecoders(bytes / WORK_OF_DECODER) },
  );

  async #decode(task: DecodeTask, signal?: AbortSignal): Promise<DecodedChunk> {
    throwIfAborted(signal);
    const work = workOf(task);
    if (this.#size === 0 || work < MIN_WORK) return decodeChunk(task, signal);
    this.#load++;
    try {
      return await untilAborted(this.#send(task, work, signal), signal);
    } catch (error) {
      if (isDecoderFailure(error)) return await decodeChunk(task, signal);
      throw error;
    } finally {
      this.#load--;
    }
  }

  close(): void {
    this.#size = 0;
    for (const decoder of this.#decoders) decoder.stop();
  }

  /** Queues the task for a decoder. While none is ready, decodes on this thread, which is no slower. */
  #send(task: DecodeTask, work: number, signal: AbortSignal | undefined): Promise<DecodedChunk> {
    this.#startDecoders(this.#load - 1);
    return new Promise((resolve) => {
      const start = (decoder: Decoder | undefined) => {
        if (signal?.aborted) return resolve(decodeChunk(task, signal));
        const decoding = decoder?.decode(task) ?? this.#decodeHere(task);
        const next = () => this.#startQueued();
        decoding.then(next, next);
        resolve(decoding);
      };
      this.#queue.push({ work, start });
      this.#queue.sort((a, b) => a.work - b.work);
      this.#startQueued();
    });
  }

  #decodeHere(task: DecodeTask): Promise<DecodedChunk> {
    this.#isDecoding = true;
    return decodeChunk(task).finally(() => {
      this.#isDecoding = false;
    });
  }

  #startQueued(): void {
    const ready = this.#decoders.filter((decoder) => decoder.ready);
    while (this.#queue.length > 0) {
      const free = ready.find((decoder) => decoder.load === 0) ?? ready.find(({ load }) => load < MAX_LOAD);
      // One alone gets help. This thread decodes one chunk at a time: it also receives what comes.
      if (!free && (this.#isDecoding || ready.length > 1)) return;
      this.#queue.shift()?.start(free);
    }
  }

  #startDecoders(wanted: number): void {
    if (Date.now() < this.#pausedUntil) return;
    try {
      while (this.#decoders.length < Math.min(this.#size, Math.floor(wanted)))
        this.#decoders.push(
          new Decoder(
            () => this.#startQueued(),
            (decoder, reason) => this.#onCrash(decoder, reason),
          ),
        );
    } catch (error) {
      this.#pause(asLakotaError(error).message);
    }
  }

  /** The next task starts a new decoder, but later if this one never got ready: its script did not load. */
  #onCrash(decoder: Decoder, reason: string): void {
    this.#decoders.splice(this.#decoders.indexOf(decoder), 1);
    if (!decoder.ready) this.#pause(reason);
  }

  #pause(reason: string): void {
    this.#pausedUntil = Date.now() + RESTART_AFTER;
    if (this.#hasWarned || this.#size === 0) return;
    this.#hasWarned = true;
    this.#warn(`A decoder could not be started (${reason}), so the repo's worker decodes alone.${ADVICE}`);
  }
}

/**
 * Whether a decoder failed, rather than the chunk: it crashed, or could not load the code of a codec. This thread
 * may have that code, if it was loaded ahead before the network went.
 */
const isDecoderFailure = (error: unknown): boolean =>
  error instanceof DecoderCrashed || (error instanceof LakotaError && /^(network|offline)$/.test(error.code));

/**
 * Leaves a core to the engine's worker and the main thread. None in Firefox, where a worker that starts another one can
 * stop for ever while developer tools or a driver listen for workers (docs/decisions/0024-workers-crash-and-transfer.md).
 */
const defaultSize = (): number =>
  / Firefox\//.test(navigator.userAgent)
    ? 0
    : Math.max(1, Math.min(MAX_DECODERS, (navigator.hardwareConcurrency ?? 2) - 1));
