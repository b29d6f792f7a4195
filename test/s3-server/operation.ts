import type { IncomingHttpHeaders } from "node:http";
import type { Address } from "./address.ts";

/** An authorised request: correctly signed, or public. */
export interface Operation extends Address {
  method: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
