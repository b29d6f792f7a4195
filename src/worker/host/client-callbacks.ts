import type { StoreOptions } from "../../stores/open.ts";
import type { CallbackName, WireOptions } from "../client/options.ts";
import { unpackError, type WireError } from "../protocol/errors.ts";
import type { CallbackMessage, Callbacks } from "../protocol/messages.ts";
import { packRequest, unpackRequest } from "../protocol/requests.ts";

interface Asked {
  resolve(answer: Callbacks[CallbackName]["answer"]): void;
  reject(error: unknown): void;
}

/** For the worker: functions that the page has, as if they were here. */
export class ClientCallbacks {
  readonly #ask: (question: CallbackMessage) => void;
  readonly #asked = new Map<number, Asked>();
  #ids = 0;

  constructor(ask: (question: CallbackMessage) => void) {
    this.#ask = ask;
  }

  /** The functions among a store's options. */
  functions({ hooks }: WireOptions): Pick<StoreOptions, "credentials" | "sign"> {
    return {
      ...(hooks.includes("credentials") && { credentials: () => this.#question("credentials", undefined) }),
      ...(hooks.includes("sign") && {
        sign: async (request: Request) => unpackRequest(await this.#question("sign", packRequest(request))),
      }),
    };
  }

  answered(id: number, answer: Callbacks[CallbackName]["answer"]): void {
    this.#asked.get(id)?.resolve(answer);
    this.#asked.delete(id);
  }

  refused(id: number, error: WireError): void {
    this.#asked.get(id)?.reject(unpackError(error));
    this.#asked.delete(id);
  }

  #question<N extends CallbackName>(
    name: N,
    question: Callbacks[N]["question"],
  ): Promise<Callbacks[N]["answer"]> {
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#ask({ kind: "ask", id, name, question });
    });
  }
}
