import { untilAborted } from "../../async/abort.ts";
import { type DecodeChunk, type DecodedChunk, type DecodeTask, decodeChunk } from "../../codecs/chunk.ts";
import { asLakotaError, throwIfAborted } from "../../model/errors.ts";
import { Decoder, DecoderCrashed } from "./decoder.ts";

/** Bytes, encoded and decoded together, below which a chunk is decoded sooner here than it would be sent. */
const WORTH_SENDING = 128 << 10;

const MOST_DECODERS = 4;

/** Tasks that a decoder is given at a time: the one that it does, and one so that it need not wait for the next. */
const GIVEN = 2;

interface Waiting {
  work: number;
  /** Undefined: no decoder will come. */
  start(decoder: Decoder | undefined): void;
}

/** Decodes small chunks on this thread, large ones on workers, the smaller of them first. */
export class DecoderPool {
  readonly #warn: (message: string) => void;
  readonly #decoders: Decoder[] = [];
  readonly #waiting: Waiting[] = [];
  #size: number;
  /** Large chunks under way. */
  #load = 0;

  /** @param size workers at most; they start when there is work for them. */
  constructor(size: number = defaultSize(), warn: (message: string) => void = console.warn) {
    this.#size = "Worker" in globalThis ? size : 0;
    this.#warn = warn;
  }

  readonly decode: DecodeChunk = async (task, signal) => {
    throwIfAborted(signal);
    const work = workOf(task);
    if (this.#size === 0 || work < WORTH_SENDING) return decodeChunk(task, signal);
    this.#load++;
    try {
      return await untilAborted(this.#send(task, work, signal), signal);
    } catch (error) {
      if (error instanceof DecoderCrashed) return await decodeChunk(task, signal);
      throw error;
    } finally {
      this.#load--;
    }
  };

  close(): void {
    this.#size = 0;
    for (const decoder of this.#decoders) decoder.stop();
  }

  /** Gives the task to a decoder as soon as one has time, or does it here while none is ready: that is as quick. */
  #send(task: DecodeTask, work: number, signal: AbortSignal | undefined): Promise<DecodedChunk> {
    if (this.#decoders.length < Math.min(this.#size, this.#load)) this.#start();
    return new Promise((resolve) => {
      const start = (decoder: Decoder | undefined) => {
        if (!decoder || signal?.aborted) return resolve(decodeChunk(task, signal));
        const decoding = decoder.decode(task);
        const next = () => this.#next();
        decoding.then(next, next);
        resolve(decoding);
      };
      this.#waiting.push({ work, start });
      this.#waiting.sort((a, b) => a.work - b.work);
      this.#next();
    });
  }

  #next(): void {
    const ready = this.#decoders.filter((decoder) => decoder.ready);
    while (this.#waiting.length > 0) {
      const least = ready.reduce<Decoder | undefined>((a, b) => (a && a.load <= b.load ? a : b), undefined);
      if (least && least.load >= GIVEN) return;
      this.#waiting.shift()?.start(least);
    }
  }

  #start(): void {
    try {
      this.#decoders.push(new Decoder((decoder, why) => this.#crashed(decoder, why)));
    } catch (error) {
      this.#giveUp(asLakotaError(error).message);
    }
  }

  /** A new one starts when there is work for it, unless the script itself is what cannot run. */
  #crashed(decoder: Decoder, why: string): void {
    this.#decoders.splice(this.#decoders.indexOf(decoder), 1);
    if (!decoder.ready) this.#giveUp(why);
  }

  #giveUp(why: string): void {
    if (this.#size === 0) return;
    this.#size = 0;
    this.#warn(
      `Decoders cannot be started, so the repo's worker decodes alone: ${why}. Is decoder.js beside worker.js?`,
    );
  }
}

/** The engine's worker and the page need a core as well. */
const defaultSize = (): number =>
  Math.max(1, Math.min(MOST_DECODERS, (navigator.hardwareConcurrency ?? 2) - 1));

/** Bytes that decoding a chunk reads and writes, as far as can be told without doing it. */
function workOf({ bytes, codecs }: DecodeTask): number {
  const isBlosc = codecs.at(-1) === "blosc" && bytes.length >= 16;
  const decoded = isBlosc
    ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) // the header's nbytes
    : 4 * bytes.length;
  return bytes.length + decoded;
}
