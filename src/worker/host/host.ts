import { lazy } from "../../async/lazy.ts";
import { EngineRepo } from "../../engine/repo/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import { openStore } from "../../stores/open.ts";
import type { Store } from "../../stores/store.ts";
import { Decoding } from "../decoders/decoding.ts";
import type { CallMessage, CallName, FromWorker, OpenArgs, ToWorker } from "../protocol/messages.ts";
import type { WireOptions } from "../protocol/options.ts";
import { packResult } from "../protocol/pack.ts";
import { packError } from "../protocol/pack-error.ts";
import type { Port } from "../protocol/port.ts";
import { ClientCallbacks } from "./client-callbacks.ts";
import { Handlers } from "./handlers.ts";
import { ProgressThrottle } from "./progress-throttle.ts";

/** Only copies between repos open another one. */
const addresses = lazy(() => import("../../stores/open-address.ts"));

/** Explains errors that are no LakotaErrors. */
const failures = lazy(() => import("../protocol/explain-call.ts"));

async function explain<N extends CallName>(
  { name, args, options }: CallMessage<N>,
  error: unknown,
): Promise<unknown> {
  if (error instanceof LakotaError) return error;
  return (await failures().catch(() => undefined))?.explainCall(name, args, options, error) ?? error;
}

/** The options of each type. One of another type may never be used, and then not fail by itself. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  boolean: /^(writeOffline|allowUnverified)$/,
  number: /^(retries|timeout|maxAge|concurrency|decoders)$/,
  object: /^cache$/,
  string: /^(endpoint|region|style|token)$/,
};

/** @throws TypeError, which is explained as all failures are */
function checkTypes(options: WireOptions): void {
  for (const [name, value] of Object.entries({ ...options, cache: options.cache || {} }))
    for (const [type, names] of Object.entries(OPTIONS))
      if (value !== undefined && names.test(name) && (typeof value !== type || Number.isNaN(value)))
        throw new TypeError();
}

/** The worker's side of the protocol: runs the calls of one client concurrently. */
export class Host {
  readonly #port: Port<ToWorker, FromWorker>;
  readonly #calls = new Map<number, AbortController>();
  readonly #handlers = new Handlers((args) => this.#openRepo(args));
  readonly #callbacks = new ClientCallbacks((message) => this.#send(message));
  #store: Store | undefined;
  #decoding: Decoding | undefined;

  constructor(port: Port<ToWorker, FromWorker>) {
    this.#port = port;
    port.addEventListener("message", ({ data }) => this.#receive(data));
  }

  #receive(message: ToWorker): void {
    switch (message.kind) {
      case "call":
        void this.#run(message);
        break;
      case "cancel":
        this.#calls.get(message.id)?.abort();
        break;
      case "end":
        this.#handlers.end(message.id);
        break;
      case "callbackResult":
        this.#callbacks.resolve(message.id, message.result);
        break;
      case "callbackError":
        this.#callbacks.reject(message.id, message.error);
        break;
      case "close":
        void this.#close();
    }
  }

  async #run<N extends CallName>(call: CallMessage<N>): Promise<void> {
    const { id, name, args, options, progress, stale } = call;
    const controller = new AbortController();
    const throttle = new ProgressThrottle((latest) => this.#send({ kind: "progress", id, value: latest }));
    const onProgress = progress && { onProgress: throttle.report.bind(throttle) };
    let known: unknown;
    const onStale = stale && {
      onStale: (result: unknown) => {
        known = result;
        const transfer: ArrayBuffer[] = [];
        this.#send({ kind: "stale", id, value: packResult(result, transfer) }, transfer);
      },
    };
    const transfer: ArrayBuffer[] = [];
    this.#calls.set(id, controller);
    try {
      const controls = { ...options, signal: controller.signal, ...onProgress, ...onStale };
      const result = await this.#handlers.run(name, args, controls, transfer);
      throttle.end();
      // What is known was sent, and its buffers transferred.
      const sent = stale && result === known ? undefined : { result: packResult(result, transfer) };
      this.#send({ kind: "result", id, ...sent }, transfer);
    } catch (error) {
      throttle.end();
      this.#send({ kind: "error", id, error: packError(await explain(call, error)) });
    } finally {
      this.#calls.delete(id);
    }
  }

  #openRepo({ uri, options }: OpenArgs): EngineRepo {
    checkTypes(options);
    const onWarning = (message: string) => this.#send({ kind: "warning", message });
    const decoding = new Decoding(options.decoders, onWarning);
    const storeOptions = { ...options, ...this.#callbacks.storeOptions(options) };
    const store = openStore(uri, storeOptions);
    this.#store = store;
    this.#decoding = decoding;
    return new EngineRepo(store, decoding.decode, {
      ...options,
      onWarning,
      openStore: async (address) => (await addresses()).openAddress(address, storeOptions),
    });
  }

  /** Aborts running calls, finishes writing to the cache, and ends the worker. */
  async #close(): Promise<void> {
    const reason = new LakotaError("closed", "The repo was closed.");
    for (const controller of this.#calls.values()) controller.abort(reason);
    try {
      await this.#store?.local?.flush();
    } finally {
      this.#handlers.close();
      this.#decoding?.close();
      this.#send({ kind: "closed" });
      this.#port.close();
    }
  }

  #send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, { transfer });
  }
}
