import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "./errors.ts";
import { emptyResponse, type S3Response } from "./response.ts";

const EXPOSED = "ETag, Content-Range, Content-Length, Retry-After, x-amz-request-id, x-amz-version-id";

/** CORS rules: which origins may read responses. */
export class Cors {
  readonly #origins: "*" | readonly string[] | false;

  constructor(origins: "*" | readonly string[] | false) {
    this.#origins = origins;
  }

  /** Returns the CORS headers of any response. */
  headers({ origin }: IncomingHttpHeaders): Record<string, string> {
    if (origin === undefined || !this.#allows(origin)) return {};
    return {
      "access-control-allow-origin": this.#origins === "*" ? "*" : origin,
      "access-control-expose-headers": EXPOSED,
      vary: "Origin",
    };
  }

  /**
   * Returns the response to a preflight: allowed origins may use all methods and headers.
   *
   * @throws {S3Error} AccessForbidden
   */
  preflight({ origin, "access-control-request-headers": wanted }: IncomingHttpHeaders): S3Response {
    if (origin === undefined || !this.#allows(origin)) {
      throw new S3Error(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.");
    }
    return emptyResponse(200, {
      "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
      "access-control-allow-headers": wanted ?? "",
      "access-control-max-age": "600",
    });
  }

  #allows(origin: string): boolean {
    return this.#origins === "*" || (this.#origins !== false && this.#origins.includes(origin));
  }
}
