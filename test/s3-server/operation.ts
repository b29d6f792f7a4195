import type { IncomingHttpHeaders } from "node:http";
import type { Address } from "./address.ts";

/** A request that may be done: signed well, or public. */
export interface Operation extends Address {
  method: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
