/** Text as it may stand in an XML element. */
export const escapeXml = (text: string | number): string =>
  String(text).replace(/[&<>"']|\p{Cc}/gu, (character) => `&#${character.charCodeAt(0)};`);

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text that an XML element holds. Entities that XML does not know stay as they are. */
export const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (entity, decimal, hex, name) =>
    name ? (NAMED[name] ?? entity) : String.fromCodePoint(Number(decimal ?? `0x${hex}`)),
  );

/** An element around XML. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** An element around text. */
export const textElement = (name: string, text: string | number): string => element(name, escapeXml(text));

/** Elements around text, one for each property. */
export const textElements = (texts: Record<string, string | number>): string =>
  Object.entries(texts)
    .map(([name, text]) => textElement(name, text))
    .join("");

/** A whole document, of one element. */
export const document = (root: string): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${root}`);
