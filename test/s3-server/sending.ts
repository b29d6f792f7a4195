import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "./faults.ts";
import type { S3Response } from "./response.ts";
import type { Link } from "./shape.ts";

/** Sends a response with the effects of a fault. Returns the number of bytes of its body that were sent. */
export async function sendResponse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: S3Response,
  fault: Fault,
  link: Link,
): Promise<number> {
  const { status, headers } = answer;
  const whole = fault.shorten ? firstHalf(answer.body) : answer.body;
  const body = fault.corrupt ? flipBit(whole) : whole;
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, {
    "x-amz-request-id": randomUUID(),
    ...headers,
    ...(!bodiless && { "content-length": String(body.length) }),
  });
  if (bodiless || request.method === "HEAD") {
    response.end();
    return 0;
  }
  // Without a body, the client takes the response for complete, and sends its next request on the same connection.
  if (fault.stall && body.length > 0) return sendHalf(response, body, () => {});
  return fault.truncate ? sendHalf(response, body, () => response.destroy()) : link.send(response, body);
}

function sendHalf(response: ServerResponse, body: Buffer, afterwards: () => void): number {
  const half = firstHalf(body);
  response.flushHeaders();
  response.write(half, afterwards);
  return half.length;
}

const firstHalf = (body: Buffer): Buffer => body.subarray(0, body.length >> 1);

function flipBit(body: Buffer): Buffer {
  const flipped = Buffer.from(body);
  if (flipped.length > 0) flipped[flipped.length >> 1]! ^= 1;
  return flipped;
}
