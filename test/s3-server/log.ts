import type { IncomingMessage } from "node:http";
import type { SignedBy } from "./signature.ts";

/** A request as the server saw it. */
export interface RequestRecord {
  method: string;
  /** `/BUCKET/KEY`, decoded, without query, in virtual-host style too. */
  path: string;
  query: string;
  /** 0: not answered (yet). */
  status: number;
  /** Of the answer's body, as far as it was sent. */
  bytes: number;
  preflight: boolean;
  signedBy: SignedBy;
  range: string | undefined;
}

export interface Stats {
  /** Without preflights. */
  requests: number;
  preflights: number;
  /** Sent in bodies. */
  bytes: number;
}

export function startRecord(request: IncomingMessage, path: string, query: string): RequestRecord {
  const method = request.method ?? "GET";
  return {
    method,
    path,
    query,
    status: 0,
    bytes: 0,
    preflight: method === "OPTIONS",
    signedBy: "anonymous",
    range: request.headers.range,
  };
}

export function sumUp(log: readonly RequestRecord[]): Stats {
  const preflights = log.filter(({ preflight }) => preflight).length;
  return {
    requests: log.length - preflights,
    preflights,
    bytes: log.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
