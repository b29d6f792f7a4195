import { aborted, asLakotaError, LakotaError, throwIfAborted } from "../../model/errors.ts";
import { packError, unpackError } from "../protocol/errors.ts";
import type {
  CallbackMessage,
  CallControls,
  CallName,
  Calls,
  FromWorker,
  OpenArgs,
  ToWorker,
} from "../protocol/messages.ts";
import { answerCallback, callbacksOf, packCredentials } from "./callbacks.ts";
import type { ConnectOptions } from "./options.ts";
import { crash, startEngineWorker } from "./start-worker.ts";

interface Pending extends CallControls {
  /** Gets what the protocol says for the name of the call. */
  resolve(result: Calls[CallName]["result"]): void;
  reject(error: unknown): void;
}

/** Milliseconds that a closed worker has for putting away what it still wants to cache. */
const FAREWELL = 2_000;

/** The page's end of the line to a worker. It starts the worker, and after a crash a new one. */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #opening: OpenArgs;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #closed: LakotaError | undefined;
  #ids = 0;

  constructor(uri: string | readonly string[], options: ConnectOptions) {
    const { credentials, sign: _, onWarning: __, worker: ___, ...plain } = options;
    const keys = typeof credentials === "object" ? packCredentials(credentials) : undefined;
    this.#options = options;
    this.#opening = { uri, options: { ...plain, credentials: keys, hooks: callbacksOf(options) } };
  }

  /** A number that nothing else of this repo has. */
  id(): number {
    return ++this.#ids;
  }

  /** Starts the worker. Answers the repo's URI. */
  open(): Promise<string> {
    return this.#ask("open", this.#opening);
  }

  /** @throws what the engine throws; `aborted`, `closed`, `crashed`; `invalid-argument` for what cannot be cloned. */
  async call<N extends CallName>(
    name: N,
    args: Calls[N]["args"],
    hearing: CallControls = {},
    transfer: ArrayBuffer[] = [],
  ): Promise<Calls[N]["result"]> {
    throwIfAborted(hearing.signal);
    if (!this.#worker && !this.#closed) this.open().catch(() => undefined); // what fails it, fails the call
    return this.#ask(name, args, hearing, transfer);
  }

  /** Sends what needs no answer, if there is a worker to hear it. */
  tell(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  close(uri: string): void {
    if (this.#closed) return;
    this.#closed = new LakotaError("closed", `The repo ${uri} was closed.`);
    const worker = this.#worker;
    this.tell({ kind: "close" });
    const farewell = setTimeout(() => worker?.terminate(), FAREWELL);
    worker?.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind !== "closed") return;
      worker.terminate();
      clearTimeout(farewell);
    });
    this.#lose(this.#closed);
  }

  #ask<N extends CallName>(
    name: N,
    args: Calls[N]["args"],
    { signal, onProgress }: CallControls = {},
    transfer: ArrayBuffer[] = [],
  ): Promise<Calls[N]["result"]> {
    const id = this.id();
    const cancel = () => {
      this.tell({ kind: "cancel", id });
      this.#pending.get(id)?.reject(aborted(signal));
    };
    const asked = new Promise<Calls[N]["result"]>((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      this.#worker ??= this.#start();
      this.#pending.set(id, { resolve, reject, onProgress });
      signal?.addEventListener("abort", cancel, { once: true });
      this.#post({ kind: "call", id, name, args, progress: onProgress !== undefined }, transfer);
    });
    return asked.finally(() => {
      this.#pending.delete(id);
      signal?.removeEventListener("abort", cancel);
    });
  }

  #post(message: ToWorker, transfer: ArrayBuffer[]): void {
    try {
      this.tell(message, transfer);
    } catch (cause) {
      const advice = "Pass plain values: no functions, proxies (reactive objects) or class instances.";
      throw asLakotaError(cause, "invalid-argument", `An argument cannot cross to the worker. ${advice}`);
    }
  }

  #start(): Worker {
    const worker = (this.#options.worker ?? startEngineWorker)();
    const crashed = (event: Event) => {
      worker.terminate();
      if (worker !== this.#worker) return;
      this.#lose(crash(event));
    };
    worker.addEventListener("error", crashed);
    worker.addEventListener("messageerror", crashed);
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#hear(data, worker));
    return worker;
  }

  /** Ends all that is pending. The next call, unless the repo is closed, starts a new worker. */
  #lose(error: LakotaError): void {
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #hear(message: FromWorker, worker: Worker): void {
    switch (message.kind) {
      case "result":
        this.#pending.get(message.id)?.resolve(message.result);
        break;
      case "error":
        this.#pending.get(message.id)?.reject(asLakotaError(unpackError(message.error)));
        break;
      case "progress":
        this.#pending.get(message.id)?.onProgress?.(message.progress);
        break;
      case "warning":
        (this.#options.onWarning ?? console.warn)(message.message);
        break;
      case "ask":
        void this.#answer(message, worker);
    }
  }

  async #answer(question: CallbackMessage, worker: Worker): Promise<void> {
    const { id } = question;
    const say = (message: ToWorker) => worker.postMessage(message);
    try {
      say({ kind: "answer", id, answer: await answerCallback(question, this.#options) });
    } catch (error) {
      say({ kind: "refusal", id, error: packError(error) });
    }
  }
}
