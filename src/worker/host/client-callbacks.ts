import type { StoreOptions } from "../../stores/open.ts";
import { unpackError, type WireError } from "../protocol/errors.ts";
import type { CallbackMessage, Callbacks } from "../protocol/messages.ts";
import type { CallbackName, WireOptions } from "../protocol/options.ts";
import { packRequest, unpackRequest } from "../protocol/requests.ts";

interface PendingCallback {
  resolve(result: Callbacks[CallbackName]["result"]): void;
  reject(error: unknown): void;
}

/** Calls functions of the client. */
export class ClientCallbacks {
  readonly #post: (message: CallbackMessage) => void;
  readonly #pending = new Map<number, PendingCallback>();
  #lastId = 0;

  constructor(post: (message: CallbackMessage) => void) {
    this.#post = post;
  }

  /** Returns the store options that call the client. */
  storeOptions({ callbacks }: WireOptions): Pick<StoreOptions, "credentials" | "sign"> {
    return {
      ...(callbacks.includes("credentials") && { credentials: () => this.#call("credentials", undefined) }),
      ...(callbacks.includes("sign") && {
        sign: async (request: Request) => unpackRequest(await this.#call("sign", packRequest(request))),
      }),
    };
  }

  resolve(id: number, result: Callbacks[CallbackName]["result"]): void {
    this.#pending.get(id)?.resolve(result);
    this.#pending.delete(id);
  }

  reject(id: number, error: WireError): void {
    this.#pending.get(id)?.reject(unpackError(error));
    this.#pending.delete(id);
  }

  #call<N extends CallbackName>(name: N, args: Callbacks[N]["args"]): Promise<Callbacks[N]["result"]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#post({ kind: "callback", id, name, args });
    });
  }
}
