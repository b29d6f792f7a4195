import { LakotaError } from "../../model/errors.ts";
import type { WireRequest } from "../protocol/messages.ts";
import { packRequest, unpackRequest } from "../protocol/requests.ts";
import type { ConnectOptions } from "./options.ts";

/** Signs a request of the worker. Loaded on demand: few clients have a signer. */
export async function signRequest(
  sign: ConnectOptions["sign"],
  request: WireRequest | undefined,
): Promise<WireRequest> {
  if (!sign || !request) throw new LakotaError("internal", "The client has no signer, or no request came.");
  return packRequest(await sign(unpackRequest(request)));
}
