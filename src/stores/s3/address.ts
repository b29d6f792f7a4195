import { LakotaError } from "../../model/errors.ts";
import { checkPath, encodePath } from "../path.ts";

export interface AddressOptions {
  /** Where S3 is, such as `https://s3.eu-west-1.amazonaws.com` (the default, with the region's name) or `http://localhost:9000`. */
  endpoint?: string;
  /** Default: what the endpoint's name says (AWS, R2, B2), else `us-east-1`. */
  region?: string;
  /**
   * Whether the bucket stands in the URL's path (`endpoint/bucket/key`) or in the host's name
   * (`bucket.endpoint/key`). Default: `virtual` for AWS, `path` elsewhere.
   */
  style?: "path" | "virtual";
}

/** Where the files of a store are in S3, and the URLs that this makes. */
export class S3Address {
  readonly bucket: string;
  /** Start of all keys: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly #bucketUrl: string;

  constructor(bucket: string, prefix: string, options: AddressOptions) {
    if (!/^[a-z0-9A-Z][\w.-]*$/.test(bucket)) {
      throw new LakotaError("invalid-argument", `"${bucket}" cannot be a bucket. Say s3://bucket/prefix.`);
    }
    this.bucket = bucket;
    const folder = prefix.replace(/^\/+|\/+$/g, "");
    if (folder) checkPath(folder);
    this.prefix = folder && `${folder}/`;
    const url = parseEndpoint(
      options.endpoint ?? `https://s3.${options.region ?? "us-east-1"}.amazonaws.com`,
    );
    this.endpoint = url.href.replace(/\/+$/, "");
    // A dot in the bucket's name would not fit AWS's certificate.
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

  /** Value of `x-amz-copy-source`. */
  copySource(path: string): string {
    return `/${this.bucket}/${encodePath(this.prefix + path)}`;
  }
}

function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search) {
    const example = "https://s3.eu-west-1.amazonaws.com";
    throw new LakotaError(
      "invalid-argument",
      `"${endpoint}" cannot be an endpoint. Say something like ${example}.`,
    );
  }
  return url;
}
