import type { WireRequest } from "./messages.ts";

export const packRequest = ({ method, url, headers }: Request): WireRequest => ({
  method,
  url,
  headers: [...headers],
});

export const unpackRequest = ({ url, method, headers }: WireRequest): Request =>
  new Request(url, { method, headers, credentials: "omit" });
