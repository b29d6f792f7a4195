import { LakotaError } from "../../model/errors.ts";
import type { CallbackMessage, Callbacks } from "../protocol/messages.ts";
import type { CallbackName } from "../protocol/options.ts";
import { type ConnectOptions, packCredentials } from "./options.ts";

/** Calls a function among the client's options for the worker. */
export async function runCallback(
  { name, args }: CallbackMessage,
  { credentials, sign }: ConnectOptions,
): Promise<Callbacks[CallbackName]["result"]> {
  if (name === "credentials" && typeof credentials === "function")
    return packCredentials(await credentials());
  if (name === "sign" && sign && args) {
    // Loaded on demand: few clients have a signer.
    const { packRequest, unpackRequest } = await import("../protocol/requests.ts");
    return packRequest(await sign(unpackRequest(args)));
  }
  throw new LakotaError("internal", `There is no callback ${name}.`);
}
