/** Escapes text for an XML element. */
export const escapeXml = (text: string | number): string =>
  String(text).replace(/[&<>"']|\p{Cc}/gu, (character) => `&#${character.charCodeAt(0)};`);

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Unescapes the text of an XML element. Unknown entities are left as they are. */
export const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (entity, decimal, hex, name) =>
    name ? (NAMED[name] ?? entity) : String.fromCodePoint(Number(decimal ?? `0x${hex}`)),
  );

/** Wraps XML in an element. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** Wraps text in an element. */
export const textElement = (name: string, text: string | number): string => element(name, escapeXml(text));

/** Wraps each property's text in an element. */
export const textElements = (texts: Record<string, string | number>): string =>
  Object.entries(texts)
    .map(([name, text]) => textElement(name, text))
    .join("");

/** Returns a document with one element. */
export const document = (root: string): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${root}`);
