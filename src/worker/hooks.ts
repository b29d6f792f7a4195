import { LakotaError } from "../model/errors.ts";
import type { Credentials } from "../stores/s3.ts";
import type { ConnectOptions, HookName } from "./options.ts";
import type { Hooks, QuestionMessage, WireRequest } from "./protocol.ts";

/** Which functions the page was given. */
export function hooksOf({ credentials, sign }: ConnectOptions): HookName[] {
  const hooks: HookName[] = sign ? ["sign"] : [];
  return typeof credentials === "function" ? [...hooks, "credentials"] : hooks;
}

/** For the page: calls the function that the worker asks for. */
export async function answerHook(
  { name, question }: QuestionMessage,
  { credentials, sign }: ConnectOptions,
): Promise<Hooks[HookName]["answer"]> {
  if (name === "credentials" && typeof credentials === "function")
    return packCredentials(await credentials());
  if (name === "sign" && sign && question) return packRequest(await sign(unpackRequest(question)));
  throw new LakotaError("internal", `The worker asks for "${name}", which the page was not given.`);
}

/** The keys alone: an SDK's object may hold more, which could not cross. */
export function packCredentials(keys: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

export const packRequest = ({ method, url, headers }: Request): WireRequest => ({
  method,
  url,
  headers: [...headers],
});

export const unpackRequest = ({ url, method, headers }: WireRequest): Request =>
  new Request(url, { method, headers, credentials: "omit" });
