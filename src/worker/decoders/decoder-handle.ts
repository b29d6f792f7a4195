import type { DecodedChunk, DecodeTask } from "../../codecs/chunk.ts";
import { wasmDecoderModule } from "../../codecs/wasm.ts";
import { unpackColumn } from "../protocol/columns.ts";
import { unpackError } from "../protocol/errors.ts";
import { startWorker } from "../protocol/start-worker.ts";
import type { DecodedMessage, DecodeMessage } from "./messages.ts";

/** Rejects the tasks of a decoder that crashed or was stopped. */
export class DecoderCrashed extends Error {}

interface PendingTask {
  resolve(chunk: DecodedChunk): void;
  reject(error: unknown): void;
}

/** Handle on a worker that decodes chunks, one after the other. */
export class Decoder {
  readonly #worker = startDecoderWorker();
  readonly #tasks = new Map<number, PendingTask>();
  #lastId = 0;
  #ready = false;

  readonly #onReady: () => void;

  /** @param onCrash called with the reason after the decoder was stopped */
  constructor(onReady: () => void, onCrash: (decoder: Decoder, reason: string) => void) {
    this.#onReady = onReady;
    const crash = (event: Event) => {
      event.preventDefault(); // otherwise it becomes an error of the engine's worker
      this.stop();
      onCrash(this, event instanceof ErrorEvent ? event.message : event.type);
    };
    this.#worker.addEventListener("error", crash);
    this.#worker.addEventListener("messageerror", crash);
    this.#worker.addEventListener("message", ({ data }: MessageEvent<DecodedMessage>) => this.#receive(data));
    void wasmDecoderModule().then((module) => {
      const message: DecodeMessage = { kind: "start", module };
      this.#worker.postMessage(message);
    });
  }

  /** Whether the script and its WebAssembly have been loaded. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Number of unfinished tasks. */
  get load(): number {
    return this.#tasks.size;
  }

  /** @throws what the codecs throw; {@link DecoderCrashed} */
  decode(task: DecodeTask): Promise<DecodedChunk> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#tasks.set(id, { resolve, reject });
      // Copied: the bytes may belong to a commit, and are needed again if the decoder crashes.
      const bytes = task.bytes.slice();
      const message: DecodeMessage = { kind: "task", id, task: { ...task, bytes } };
      this.#worker.postMessage(message, [bytes.buffer]);
    });
  }

  stop(): void {
    this.#worker.terminate();
    for (const { reject } of this.#tasks.values()) reject(new DecoderCrashed());
    this.#tasks.clear();
  }

  #receive(message: DecodedMessage): void {
    if (message.kind === "ready") {
      this.#ready = true;
      this.#onReady();
      return;
    }
    const task = this.#tasks.get(message.id);
    this.#tasks.delete(message.id);
    if (message.kind === "error") task?.reject(unpackError(message.error));
    else task?.resolve({ ...message.chunk, column: unpackColumn(message.chunk.column) });
  }
}

const startDecoderWorker = (): Worker =>
  // Bundlers recognise the worker by exactly this expression.
  startWorker(() => new Worker(new URL("./decoder.js", import.meta.url), { type: "module" }));
