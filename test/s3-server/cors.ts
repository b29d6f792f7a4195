import type { IncomingHttpHeaders } from "node:http";
import { type Answer, emptyAnswer } from "./answer.ts";
import { S3Error } from "./errors.ts";

const EXPOSED = "ETag, Content-Range, Content-Length, Retry-After, x-amz-request-id, x-amz-version-id";

/** Which pages of other origins may read answers. */
export class Cors {
  readonly #origins: "*" | readonly string[] | false;

  constructor(origins: "*" | readonly string[] | false) {
    this.#origins = origins;
  }

  /** Headers for an answer, good or bad. */
  headers({ origin }: IncomingHttpHeaders): Record<string, string> {
    if (origin === undefined || !this.#allows(origin)) return {};
    return {
      "access-control-allow-origin": this.#origins === "*" ? "*" : origin,
      "access-control-expose-headers": EXPOSED,
      vary: "Origin",
    };
  }

  /** The answer to OPTIONS: all methods and headers, to origins that are allowed. @throws {S3Error} AccessForbidden */
  preflight({ origin, "access-control-request-headers": wanted }: IncomingHttpHeaders): Answer {
    if (origin === undefined || !this.#allows(origin)) {
      throw new S3Error(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.");
    }
    return emptyAnswer(200, {
      "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
      "access-control-allow-headers": wanted ?? "",
      "access-control-max-age": "600",
    });
  }

  #allows(origin: string): boolean {
    return this.#origins === "*" || (this.#origins !== false && this.#origins.includes(origin));
  }
}
