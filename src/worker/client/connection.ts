import { aborted, asLakotaError, LakotaError, throwIfAborted } from "../../model/errors.ts";
import { unpackError } from "../protocol/errors.ts";
import { unpackResult, type WireResult } from "../protocol/frames.ts";
import type {
  CallbackMessage,
  CallControls,
  CallName,
  Calls,
  FromWorker,
  OpenArgs,
  ToWorker,
} from "../protocol/messages.ts";
import { runCallback } from "./callbacks.ts";
import { type ConnectOptions, packOptions } from "./options.ts";
import { startEngineWorker } from "./start-worker.ts";

interface PendingCall {
  /** @param result undefined if it is the known one */
  resolve(result: WireResult | undefined): void;
  reject(error: unknown): void;
  /** Rejects, and ends the work in the worker. */
  cancel(error: unknown): void;
  // What receives the messages of these kinds, if the caller wants them. Declared as methods for bivariance.
  progress?(value: unknown): void;
  stale?(value: unknown): void;
}

/** Milliseconds that a closed worker has to finish writing to its cache. */
const CLOSE_TIMEOUT = 2_000;

/** The client's connection to the engine's worker. Starts the worker, and a new one after a crash. */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #openArgs: OpenArgs;
  readonly #pending = new Map<number, PendingCall>();
  #worker: Worker | undefined;
  #closed: LakotaError | undefined;
  #lastId = 0;

  constructor(uri: string | readonly string[], options: ConnectOptions) {
    this.#options = options;
    this.#openArgs = { uri, options: packOptions(options) };
  }

  /** Returns an id that is unique within this connection: for a call, a batch or an iteration over pages. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Starts the worker and opens the repo there. Returns the repo's URI. */
  open(): Promise<string> {
    return this.#request("open", this.#openArgs);
  }

  /**
   * @param options are sent, except for the controls
   * @throws what the engine throws; `aborted`, `closed`, `crashed`; `invalid-argument` for arguments that
   * cannot be sent
   */
  call<N extends CallName>(
    name: N,
    args: Calls[N]["args"],
    options?: Calls[N]["options"],
    transfer?: ArrayBuffer[],
  ): Promise<Calls[N]["result"]>;
  async call<N extends CallName>(
    name: N,
    args: Calls[N]["args"],
    options: CallControls = {},
    transfer: ArrayBuffer[] = [],
  ): Promise<Calls[N]["result"]> {
    try {
      throwIfAborted(options.signal);
      if (!this.#worker && !this.#closed) this.open().catch(() => undefined); // its error fails this call too
      return await this.#request(name, args, options, transfer);
    } catch (error) {
      if (error instanceof LakotaError) throw error;
      throw await import("../protocol/explain-call.ts").then(
        ({ explainCall }) => explainCall(name, args, options, error),
        () => asLakotaError(error, error instanceof Event ? "crashed" : "invalid-argument"),
      );
    }
  }

  /** Sends a message that has no reply. Does nothing while no worker is running. */
  notify(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  close(uri: string): void {
    if (this.#closed) return;
    this.#closed = new LakotaError("closed", `The repo ${uri} was closed.`);
    const worker = this.#worker;
    this.notify({ kind: "close" });
    setTimeout(() => worker?.terminate(), CLOSE_TIMEOUT); // unless it says before that it has finished
    this.#disconnect(this.#closed);
  }

  #request<N extends CallName>(
    name: N,
    args: Calls[N]["args"],
    { signal, onProgress, onStale, ...options }: CallControls = {},
    transfer: ArrayBuffer[] = [],
  ): Promise<Calls[N]["result"]> {
    const id = this.nextId();
    const cancel = (error: unknown) => {
      this.notify({ kind: "cancel", id });
      this.#pending.get(id)?.reject(error);
    };
    const onAbort = () => cancel(aborted(signal));
    let known: unknown;
    const stale =
      onStale &&
      ((result: WireResult) => {
        known = unpackResult(result);
        onStale(known);
      });
    const reply = new Promise<WireResult | undefined>((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      this.#worker ??= this.#start();
      this.#pending.set(id, { resolve, reject, cancel, progress: onProgress, stale });
      signal?.addEventListener("abort", onAbort, { once: true });
      const controls = { progress: !!onProgress, stale: !!stale };
      this.notify({ kind: "call", id, name, args, options, ...controls }, transfer);
    });
    // The worker sends a result of the type that `Calls` gives for the call.
    const unpack = (result: WireResult | undefined) =>
      (result ? unpackResult(result) : known) as Calls[N]["result"];
    return reply.then(unpack).finally(() => {
      this.#pending.delete(id);
      signal?.removeEventListener("abort", onAbort);
    });
  }

  #start(): Worker {
    const worker = (this.#options.worker ?? startEngineWorker)();
    const onCrash = (event: Event) => {
      worker.terminate();
      if (worker === this.#worker) this.#disconnect(event);
    };
    worker.addEventListener("error", onCrash);
    worker.addEventListener("messageerror", onCrash);
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#receive(data, worker));
    return worker;
  }

  /**
   * Rejects all pending calls. The next call starts a new worker, unless the repo is closed.
   *
   * @param reason an error, or the event of a crash, which each call explains
   */
  #disconnect(reason: LakotaError | Event): void {
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  #receive(message: FromWorker, worker: Worker): void {
    const call = "id" in message ? this.#pending.get(message.id) : undefined;
    switch (message.kind) {
      case "result":
        call?.resolve(message.result);
        break;
      case "error":
        call?.reject(asLakotaError(unpackError(message.error)));
        break;
      case "progress":
      case "stale":
        try {
          call?.[message.kind]?.(message.value);
        } catch (error) {
          call?.cancel(error);
        }
        break;
      case "warning":
        (this.#options.onWarning ?? console.warn)(message.message);
        break;
      case "callback":
        void this.#runCallback(message, worker);
        break;
      case "closed":
        worker.terminate();
    }
  }

  /** @param worker receives the reply, even if another worker has taken its place meanwhile */
  async #runCallback(message: CallbackMessage, worker: Worker): Promise<void> {
    const { id } = message;
    const reply = (message: ToWorker) => worker.postMessage(message);
    try {
      reply({ kind: "callbackResult", id, result: await runCallback(message, this.#options) });
    } catch (error) {
      const packed = await import("../protocol/pack-error.ts").then(
        ({ packError }) => packError(error),
        () => ({ name: "Error", message: String(error) }),
      );
      reply({ kind: "callbackError", id, error: packed });
    }
  }
}
