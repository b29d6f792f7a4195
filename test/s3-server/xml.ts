/** Text as it may stand in an XML element. */
export const escapeXml = (text: string | number): string =>
  String(text).replace(/[&<>"']|\p{Cc}/gu, (character) => `&#${character.charCodeAt(0)};`);

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (_, decimal, hex, name) =>
    name ? (NAMED[name] ?? "") : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  );

/** An element with children given as [name, content] pairs; content is escaped unless it is an element itself. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;
export const textElement = (name: string, text: string | number): string => element(name, escapeXml(text));

export const document = (body: string): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
