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
  /** When it came, and when the response was sent, in epoch milliseconds; 0 until then. */
  received: number;
  sent: number;
}

export interface Stats {
  /** Without preflights. */
  requests: number;
  preflights: number;
  /** Bytes sent in bodies. */
  bytes: number;
}

/** Epoch milliseconds with a fraction. */
export const preciseTime = (): number => performance.timeOrigin + performance.now();

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
    received: preciseTime(),
    sent: 0,
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
