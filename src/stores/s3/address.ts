import { LakotaError } from "../../model/errors.ts";
import { checkPath, encodePath } from "../path.ts";
import { withoutSecrets } from "../uri.ts";

export interface AddressOptions {
  /**
   * URL of the S3 service. Default: AWS, `https://s3.REGION.amazonaws.com`. Of others, such as
   * `http://localhost:9000`.
   */
  endpoint?: string;
  /** Default: derived from the endpoint's host name (AWS, R2, B2), else `us-east-1`. */
  region?: string;
  /**
   * Whether the bucket is part of the URL's path (`path`: `endpoint/bucket/key`) or of the host name
   * (`virtual`: `bucket.endpoint/key`). Default: `virtual` for AWS, `path` elsewhere.
   */
  style?: "path" | "virtual";
}

/** Maps the paths of a store to the URLs of objects in S3. */
export class S3Address {
  readonly bucket: string;
  /** Prefix of all keys: empty, or with a trailing slash. */
  readonly prefix: string;
  /** Without trailing slash. */
  readonly endpoint: string;
  readonly #bucketUrl: string;

  constructor(bucket: string, prefix: string, options: AddressOptions) {
    if (!/^[a-z0-9A-Z][\w.-]*$/.test(bucket)) {
      throw new LakotaError(
        "invalid-argument",
        `"${withoutSecrets(bucket)}" cannot be a bucket. Pass s3://bucket/prefix, and keys as \`credentials\`.`,
      );
    }
    this.bucket = bucket;
    const folder = prefix.replace(/^\/+|\/+$/g, "");
    if (folder) checkPath(folder);
    this.prefix = folder && `${folder}/`;
    const url = parseEndpoint(
      options.endpoint ?? `https://s3.${options.region ?? "us-east-1"}.amazonaws.com`,
    );
    this.endpoint = url.href.replace(/\/+$/, "");
    // AWS's wildcard certificate does not cover a bucket's name with a dot.
    const isAws = /\.amazonaws\.com(\.cn)?$/.test(url.hostname) && !bucket.includes(".");
    const style = options.style ?? (isAws ? "virtual" : "path");
    if (style === "virtual") url.hostname = `${bucket}.${url.hostname}`;
    this.#bucketUrl = url.href.replace(/\/+$/, "") + (style === "path" ? `/${bucket}` : "");
  }

  fileUrl(path: string): string {
    return `${this.#bucketUrl}/${encodePath(this.prefix + path)}`;
  }

  listUrl(query: Record<string, string>): string {
    const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `${this.#bucketUrl}/?${pairs.join("&")}`;
  }

  /** Returns the value of `x-amz-copy-source`. */
  copySource(path: string): string {
    return `/${this.bucket}/${encodePath(this.prefix + path)}`;
  }
}

function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search) {
    throw new LakotaError(
      "invalid-argument",
      `"${withoutSecrets(endpoint)}" cannot be an endpoint. Pass https://host, without a login or a query.`,
    );
  }
  return url;
}
