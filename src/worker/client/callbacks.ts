import { type Credentials, type CredentialsInput, isComplete } from "../../model/credentials.ts";
import type { CallbackMessage, Callbacks } from "../protocol/messages.ts";
import type { CallbackName } from "../protocol/options.ts";
import type { ConnectOptions } from "./options.ts";

/** Calls a function among the client's options for the worker. */
export async function runCallback(
  { name, args }: CallbackMessage,
  { credentials, sign }: ConnectOptions,
): Promise<Callbacks[CallbackName]["result"]> {
  if (name === "credentials")
    return packCredentials(typeof credentials === "function" ? await credentials() : credentials);
  const { signRequest } = await import("./sign-request.ts");
  return signRequest(sign, args);
}

/** Returns the keys alone: an SDK's object may hold functions, which cannot be cloned. */
async function packCredentials(keys: CredentialsInput): Promise<Credentials> {
  // Loaded on demand: most keys are spelled as ours.
  if (!isComplete(keys)) return (await import("../../model/service-credentials.ts")).normalCredentials(keys);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}
