import { S3Error } from "./errors.ts";
import type { StoredObject } from "./objects.ts";
import { encode } from "./signature.ts";
import { document, element, escapeXml, textElement } from "./xml.ts";

type Item = { key: string; object: StoredObject } | { prefix: string };

/** The answer to ListObjectsV2. At most `pageSize` entries a page. */
export function listObjects(
  bucket: string,
  objects: ReadonlyMap<string, StoredObject>,
  query: URLSearchParams,
  pageSize: number,
): Buffer {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const token = query.get("continuation-token");
  const after =
    token === null ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString();
  const asked = Number(query.get("max-keys") ?? pageSize);
  if (!(asked >= 0)) throw new S3Error(400, "InvalidArgument", "max-keys must be a number.");
  const { items, last } = page(objects, { prefix, delimiter, after, limit: Math.min(asked, pageSize) });
  const urlEncoded = query.get("encoding-type") === "url";
  const name = (text: string) => (urlEncoded ? encode(text).replaceAll("%2F", "/") : escapeXml(text));
  return document(
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${[
      textElement("Name", bucket),
      element("Prefix", name(prefix)),
      textElement("KeyCount", items.length),
      textElement("MaxKeys", asked),
      urlEncoded ? "<EncodingType>url</EncodingType>" : "",
      textElement("IsTruncated", String(last !== undefined)),
      last === undefined ? "" : textElement("NextContinuationToken", Buffer.from(last).toString("base64url")),
      ...items.map((item) => describe(item, name)),
    ].join("")}</ListBucketResult>`,
  );
}

interface Page {
  items: Item[];
  /** Where the next page begins, if there is one. */
  last: string | undefined;
}

function page(
  objects: ReadonlyMap<string, StoredObject>,
  { prefix, delimiter, after, limit }: { prefix: string; delimiter: string; after: string; limit: number },
): Page {
  const items: Item[] = [];
  let last = "";
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(byBytes);
  for (const key of keys) {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    const name = common ?? key;
    // A common prefix was told before if it is the last one, or if the listing starts within it.
    if (name === last || byBytes(name, after) <= 0 || (common && after.startsWith(common))) continue;
    if (items.length >= limit) return { items, last: limit > 0 ? last : undefined };
    items.push(common === undefined ? { key, object: objects.get(key)! } : { prefix: common });
    last = name;
  }
  return { items, last: undefined };
}

/** S3 sorts keys by their UTF-8 bytes. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function describe(item: Item, name: (text: string) => string): string {
  if ("prefix" in item) return element("CommonPrefixes", element("Prefix", name(item.prefix)));
  const { etag, modified, body } = item.object;
  return element(
    "Contents",
    [
      element("Key", name(item.key)),
      textElement("LastModified", new Date(modified).toISOString()),
      textElement("ETag", `"${etag}"`),
      textElement("Size", body.length),
      textElement("StorageClass", "STANDARD"),
    ].join(""),
  );
}
