import type { WireRequest } from "./messages.ts";

/** A request as it crosses threads: without a body, which none that is to be signed has. */
export const packRequest = ({ method, url, headers }: Request): WireRequest => ({
  method,
  url,
  headers: [...headers],
});

export const unpackRequest = ({ url, method, headers }: WireRequest): Request =>
  new Request(url, { method, headers, credentials: "omit" });
