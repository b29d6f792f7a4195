import type { IncomingMessage } from "node:http";
import type { SignedBy } from "./signature.ts";

/** A request in the log. */
export interface RequestRecord {
  method: string;
  /** `/BUCKET/KEY`, decoded, without query, in virtual-host style too. */
  path: string;
  query: string;
  /** 0 until the response is sent. */
  status: number;
  /** Bytes of the response's body that were sent. */
  bytes: number;
  preflight: boolean;
  signedBy: SignedBy;
  range: string | undefined;
}

export interface Stats {
  /** Without preflights. */
  requests: number;
  preflights: number;
  /** Bytes sent in bodies. */
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

export function summarise(log: readonly RequestRecord[]): Stats {
  const preflights = log.filter(({ preflight }) => preflight).length;
  return {
    requests: log.length - preflights,
    preflights,
    bytes: log.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
