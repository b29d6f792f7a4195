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
 * @throws SyntaxError for malformed XML, and for comments, CDATA and DTDs, which S3 does not send
 */
export function parseXml(xml: string): Element {
  const root: Element = { name: "", text: "", children: [] };
  const open = [root];
  let end = 0;
  for (const match of xml.matchAll(/<\?[^>]*\?>|<(\/?)([\w:.-]+)[^<>]*?(\/?)>|</g)) {
    const [token, closing, name, empty] = match;
    const parent = open.at(-1)!;
    parent.text += decodeEntities(xml.slice(end, match.index));
    end = match.index + token.length;
    if (token.startsWith("<?")) continue;
    if (name === undefined) throw new SyntaxError(`Unexpected markup at offset ${match.index}.`);
    if (closing) {
      if (parent.name !== name) throw new SyntaxError(`</${name}> closes <${parent.name}>.`);
      open.pop();
    } else {
      const element = { name, text: "", children: [] };
      parent.children.push(element);
      if (!empty) open.push(element);
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
      return String.fromCodePoint(
        /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)),
      );
    }
    const character = name === undefined ? undefined : ENTITIES[name];
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

/** Parses a response to ListObjectsV2. @throws SyntaxError for anything else */
export function parseListPage(xml: string): ListPage {
  const document = parseXml(xml);
  if (document.name !== "ListBucketResult")
    throw new SyntaxError(`Expected <ListBucketResult>, got <${document.name}>.`);
  // Not every server honours encoding-type=url.
  const encoded = childText(document, "EncodingType") === "url";
  const entries = document.children
    .filter((child) => child.name === "Contents")
    .map((child) => {
      const key = childText(child, "Key");
      return { path: encoded ? decodeKey(key) : key, size: Number(childText(child, "Size")) };
    });
  const truncated = childText(document, "IsTruncated") === "true";
  const next = childText(document, "NextContinuationToken");
  if (truncated && !next) throw new SyntaxError("A truncated listing has no continuation token.");
  return { entries, next: truncated ? next : undefined };
}

function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", "%20"));
}
