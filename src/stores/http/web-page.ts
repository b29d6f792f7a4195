/**
 * Whether a response is declared as a web page. As the response to anything but a file, it comes from a login page, a
 * proxy or the portal of a network, and not from the server.
 */
export const isWebPage = (response: Response): boolean =>
  /^[^;]*html/i.test(response.headers.get("content-type") ?? "");

/** Whether a body may be a web page, or is empty: some hosts declare all files without an extension as HTML. */
export const isMarkup = (bytes: Uint8Array): boolean =>
  /^\s*(<|$)/.test(new TextDecoder().decode(bytes.slice(0, 64)));
