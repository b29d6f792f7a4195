import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { AwsClient } from "aws4fetch";
import type { S3Server } from "./index.ts";

// Suppresses the SDK's advice on standard error to upgrade Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

export const KEYS = { accessKeyId: "id", secretAccessKey: "secret" };

/** A client that signs with aws4fetch, without retries. */
export const awsClient = (options: Partial<ConstructorParameters<typeof AwsClient>[0]> = {}): AwsClient =>
  new AwsClient({ ...KEYS, service: "s3", region: "us-east-1", retries: 0, ...options });

/** A client of the AWS SDK, without retries. */
export const sdkClient = ({ url }: { url: string }, options: S3ClientConfig = {}): S3Client =>
  new S3Client({
    endpoint: url,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: KEYS,
    maxAttempts: 1,
    ...options,
  });

/** Returns the URL of an object or a bucket. */
export const urlOf = (s3: S3Server, bucket: string, key = "", query = ""): string =>
  `${s3.url}/${bucket}${key && `/${key.split("/").map(encodeURIComponent).join("/")}`}${query}`;

/** Returns status and S3 error code, such as `403 AccessDenied`. */
export async function outcome(response: Response): Promise<string> {
  const code = /<Code>(.*?)<\/Code>/.exec(await response.text())?.[1];
  return code === undefined ? String(response.status) : `${response.status} ${code}`;
}

/** Returns status and name of the error that a promise of the SDK rejects with. */
export async function sdkOutcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "200";
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode} ${name}`;
  }
}

/** Sends a request without normalisation: with any path and any Host header, which `fetch` does not allow. */
export async function sendRaw(
  s3: S3Server,
  path: string,
  { method = "GET", headers = {} as Record<string, string>, body = "" } = {},
): Promise<Response> {
  const sending = request({ host: "127.0.0.1", port: s3.port, path, method, headers });
  sending.end(body);
  const [answer] = (await once(sending, "response")) as [IncomingMessage];
  const content = Buffer.concat(await answer.toArray());
  const given = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
  return new Response(content.length > 0 ? content : null, {
    status: answer.statusCode,
    headers: Object.fromEntries(given),
  });
}

/** Formats a time as in signatures: `20260102T030405Z`. */
export const awsDate = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/[:-]|\.\d{3}/g, "");
