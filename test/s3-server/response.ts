import type { S3Error } from "./errors.ts";
import { document, element, textElements } from "./xml.ts";

/** A response before faults and CORS headers are applied. */
export interface S3Response {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export const emptyResponse = (status: number, headers: Record<string, string> = {}): S3Response => ({
  status,
  headers,
  body: Buffer.alloc(0),
});

export const xmlResponse = (body: Buffer): S3Response => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body,
});

/** Returns the response for an error, as S3 formats it. */
export function errorResponse({ status, code, message, headers, elements }: S3Error): S3Response {
  const body = document(element("Error", textElements({ Code: code, Message: message, ...elements })));
  return { status, headers: { "content-type": "application/xml", ...headers }, body };
}
