import type { UnsignedRequest } from "./signer.ts";

export interface SendOptions {
  signal?: AbortSignal;
  /** Called for each attempt without a usable response: the server may have carried it out. */
  onFailure?: () => void;
}

/**
 * Sends a request with retries.
 *
 * @param doing what it is for, for messages
 * @param read reads the response, body included
 */
export type Send = <T>(
  request: UnsignedRequest,
  doing: string,
  read: (response: Response, onBytes: (bytes: number) => void) => Promise<T>,
  options: SendOptions,
) => Promise<T>;
