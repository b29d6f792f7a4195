import { LakotaError } from "../../model/errors.ts";
import type { Credentials } from "../../stores/s3/s3-store.ts";
import type { CallbackMessage, Callbacks } from "../protocol/messages.ts";
import type { CallbackName, ConnectOptions } from "./options.ts";

/** Which functions the page was given. */
export function callbacksOf({ credentials, sign }: ConnectOptions): CallbackName[] {
  const hooks: CallbackName[] = sign ? ["sign"] : [];
  return typeof credentials === "function" ? [...hooks, "credentials"] : hooks;
}

/** For the page: calls the function that the worker asks for. */
export async function answerCallback(
  { name, question }: CallbackMessage,
  { credentials, sign }: ConnectOptions,
): Promise<Callbacks[CallbackName]["answer"]> {
  if (name === "credentials" && typeof credentials === "function")
    return packCredentials(await credentials());
  if (name === "sign" && sign && question) {
    const { packRequest, unpackRequest } = await import("../protocol/requests.ts"); // most pages have no signer
    return packRequest(await sign(unpackRequest(question)));
  }
  throw new LakotaError("internal", `The page has no "${name}".`);
}

/** The keys alone: an SDK's object may hold more, which could not cross. */
export function packCredentials(keys: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}
