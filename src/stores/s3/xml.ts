import type { Entry } from "../store.ts";

/** An element of an XML document. */
export interface Element {
  name: string;
  text: string;
  children: Element[];
}

/**
 * Parses the XML of S3's responses: elements, text, entities. Workers have no DOMParser.
 *
 * Takes time in proportion to the length of the document, whatever it contains.
 *
 * @throws SyntaxError for malformed XML, and for comments, CDATA and DTDs, which S3 does not send
 */
export function parseXml(xml: string): Element {
  const root: Element = { name: "", text: "", children: [] };
  const open = [root];
  let end = 0;
  for (;;) {
    const start = xml.indexOf("<", end);
    const parent = open.at(-1)!;
    parent.text += decodeEntities(xml.slice(end, start < 0 ? undefined : start));
    if (start < 0) break;
    end = xml.indexOf(">", start) + 1;
    const tag = xml.slice(start + 1, end - 1);
    if (tag.startsWith("?") && end > 0) continue;
    // Matches at the start of the tag only, so that no part of it is read twice.
    const [, closing, name] = /^(\/?)([\w:.-]+)/.exec(tag) ?? [];
    if (end === 0 || name === undefined || tag.includes("<"))
      throw new SyntaxError(`Unexpected markup at offset ${start}.`);
    if (closing) {
      if (parent.name !== name) throw new SyntaxError(`</${name}> closes <${parent.name}>.`);
      open.pop();
    } else {
      const element = { name, text: "", children: [] };
      parent.children.push(element);
      if (!tag.endsWith("/")) open.push(element);
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || !document)
    throw new SyntaxError("Expected one complete document.");
  return document;
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);|&/gi, (whole, name: string | undefined) => {
    if (name?.startsWith("#")) {
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      if (code <= 0x10_ffff) return String.fromCodePoint(code);
    }
    const character = name !== undefined && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
    if (character === undefined) throw new SyntaxError(`Unknown entity ${whole}.`);
    return character;
  });
}

/** Returns the text of the first child of that name, or an empty string. */
export function childText(element: Element, name: string): string {
  return element.children.find((child) => child.name === name)?.text ?? "";
}

/** One page of ListObjectsV2. */
export interface ListPage {
  /** Their paths are whole keys. */
  entries: Entry[];
  /** Continuation token of the next page; `undefined` on the last one. */
  next: string | undefined;
}

/**
 * Parses a response to ListObjectsV2.
 *
 * @param prefix that of all keys. It shows how the server encodes them: some do not do what they announce
 * @param withTimes whether the entries say when the objects were modified
 * @throws SyntaxError for anything else
 */
export function parseListPage(xml: string, prefix = "", withTimes = false): ListPage {
  const document = parseXml(xml);
  if (document.name !== "ListBucketResult")
    throw new SyntaxError(`Expected <ListBucketResult>, got <${document.name}>.`);
  // Not every server honours encoding-type=url.
  const isEncoded = childText(document, "EncodingType") === "url";
  const contents = document.children.filter((child) => child.name === "Contents");
  const paths = decodeKeys(
    contents.map((child) => childText(child, "Key")),
    isEncoded ? [decodeForm, decodeURIComponent, asIs] : [asIs, decodeForm, decodeURIComponent],
    prefix,
  );
  const timeOf = (child: Element) => {
    const modified = withTimes ? Date.parse(childText(child, "LastModified")) : Number.NaN;
    return Number.isNaN(modified) ? undefined : { modified };
  };
  const entries = contents.map((child, i) => ({
    path: paths[i]!,
    size: Number(childText(child, "Size")),
    ...timeOf(child),
  }));
  const truncated = childText(document, "IsTruncated") === "true";
  const next = childText(document, "NextContinuationToken");
  if (truncated && !next) throw new SyntaxError("A truncated listing has no continuation token.");
  return { entries, next: truncated ? next : undefined };
}

type Decode = (key: string) => string;
const asIs: Decode = (key) => key;
/** As S3 encodes keys: a space is "+". Some servers leave "+" as it is, as in paths. */
const decodeForm: Decode = (key) => decodeURIComponent(key.replaceAll("+", "%20"));

/** Decodes all keys in the first of the ways in which they have the prefix; if there is none, returns them as they are. */
function decodeKeys(keys: readonly string[], ways: readonly Decode[], prefix: string): string[] {
  for (const decode of ways) {
    try {
      const decoded = keys.map(decode);
      if (decoded.every((key) => key.startsWith(prefix))) return decoded;
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
    }
  }
  return [...keys];
}
