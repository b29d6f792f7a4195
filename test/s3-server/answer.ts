import type { S3Error } from "./errors.ts";
import { document, element, textElements } from "./xml.ts";

/** What a client gets, before faults and CORS headers. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export const emptyAnswer = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: Buffer.alloc(0),
});

export const xmlAnswer = (body: Buffer): Answer => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body,
});

/** An error as S3 tells it. */
export function errorAnswer({ status, code, message, headers, elements }: S3Error): Answer {
  const body = document(element("Error", textElements({ Code: code, Message: message, ...elements })));
  return { status, headers: { "content-type": "application/xml", ...headers }, body };
}
