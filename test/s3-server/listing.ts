import { encodePath } from "./address.ts";
import { invalidArgument } from "./errors.ts";
import type { StoredObject } from "./objects.ts";
import { document, element, escapeXml, textElement, textElements } from "./xml.ts";

type Objects = ReadonlyMap<string, StoredObject>;

/** Parameters of ListObjectsV2 or ListObjects. */
interface ListRequest {
  version: 1 | 2;
  prefix: string;
  delimiter: string;
  /** Marker of ListObjects. */
  startAfter: string;
  token: string | undefined;
  /** Entries of a page. */
  limit: number;
  urlEncoded: boolean;
}

/**
 * Returns the response to ListObjectsV2 or ListObjects, with at most `pageSize` entries.
 *
 * @throws {S3Error} InvalidArgument
 */
export function listObjects(
  bucket: string,
  objects: Objects,
  query: URLSearchParams,
  pageSize: number,
): Buffer {
  const question = readListRequest(query, pageSize);
  const { items, last } = page(objects, question);
  const { prefix, delimiter, limit, urlEncoded } = question;
  const name = urlEncoded ? encodeName : escapeXml;
  return document(
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${[
      textElement("Name", bucket),
      element("Prefix", name(prefix)),
      delimiter && element("Delimiter", name(delimiter)),
      ...place(question, items.length, last, name),
      urlEncoded ? textElement("EncodingType", "url") : "",
      textElements({ MaxKeys: limit, IsTruncated: String(last !== undefined) }),
      ...items.map((item) => describe(item, name)),
    ].join("")}</ListBucketResult>`,
  );
}

/** Returns the elements that locate this page among the others. */
function place(
  { version, delimiter, startAfter, token }: ListRequest,
  items: number,
  last: string | undefined,
  name: (text: string) => string,
) {
  if (version === 1) {
    // Without a delimiter, clients continue after the last key.
    return [element("Marker", name(startAfter)), last && delimiter && element("NextMarker", name(last))];
  }
  return [
    startAfter && element("StartAfter", name(startAfter)),
    token && textElement("ContinuationToken", token),
    textElements({ KeyCount: items }),
    last && textElement("NextContinuationToken", encodeToken(last)),
  ];
}

function readListRequest(query: URLSearchParams, pageSize: number): ListRequest {
  const asked = query.get("max-keys") ?? String(pageSize);
  if (!/^\d+$/.test(asked)) throw invalidArgument("max-keys must be a whole number.");
  const encoding = query.get("encoding-type");
  if (encoding !== null && encoding !== "url") throw invalidArgument("The only encoding-type is url.");
  const version = query.get("list-type") === "2" ? 2 : 1;
  return {
    version,
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    startAfter: query.get(version === 1 ? "marker" : "start-after") ?? "",
    token: query.get("continuation-token") ?? undefined,
    limit: Math.min(Number(asked), pageSize),
    urlEncoded: encoding === "url",
  };
}

/** Encodes for `encoding-type=url` as S3 does: slashes stay, a space becomes `+`. */
const encodeName = (text: string): string => encodePath(text).replaceAll("%20", "+");

/** Opaque to clients. Plain base64, to test that they escape its `+`, `/` and `=`. */
const encodeToken = (last: string): string => Buffer.from(last).toString("base64");

function decodeToken(token: string): string {
  const last = Buffer.from(token, "base64").toString();
  if (last === "" || encodeToken(last) !== token)
    throw invalidArgument("The continuation token is incorrect");
  return last;
}

type Item = { key: string; object: StoredObject } | { prefix: string };

interface Page {
  items: Item[];
  /** The last entry of the page, if more follow. */
  last: string | undefined;
}

function page(objects: Objects, { prefix, delimiter, startAfter, token, limit }: ListRequest): Page {
  const after = token === undefined ? startAfter : decodeToken(token);
  const items: Item[] = [];
  let last: string | undefined;
  for (const key of keysAfter(objects, prefix, after)) {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    // All keys of a common prefix are one entry, on this page or on the one before.
    if (common !== undefined && (common === last || common === after)) continue;
    if (items.length >= limit) return { items, last };
    items.push(common === undefined ? { key, object: objects.get(key)! } : { prefix: common });
    last = common ?? key;
  }
  return { items, last: undefined };
}

/** Returns keys sorted by their UTF-8 bytes, as S3 does. */
function keysAfter(objects: Objects, prefix: string, after: string): string[] {
  const start = Buffer.from(after);
  return [...objects.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ key, bytes: Buffer.from(key) }))
    .filter(({ bytes }) => bytes.compare(start) > 0)
    .sort((a, b) => a.bytes.compare(b.bytes))
    .map(({ key }) => key);
}

function describe(item: Item, name: (text: string) => string): string {
  if ("prefix" in item) return element("CommonPrefixes", element("Prefix", name(item.prefix)));
  const { etag, modified, body } = item.object;
  const about = textElements({
    LastModified: new Date(modified).toISOString(),
    ETag: `"${etag}"`,
    Size: body.length,
    StorageClass: "STANDARD",
  });
  return element("Contents", element("Key", name(item.key)) + about);
}
