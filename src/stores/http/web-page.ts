/**
 * Whether a response is declared as a web page. As the response to anything but a file, it comes from a login page, a
 * proxy or the portal of a network, and not from the server.
 */
export const isWebPage = (response: Response): boolean =>
  /^(text\/html|application\/xhtml\+xml)/i.test(response.headers.get("content-type") ?? "");

/** Whether a body may be a web page, or is empty: some hosts declare all files without an extension as HTML. */
export const isMarkup = (bytes: Uint8Array): boolean =>
  /^\s*(<|$)/.test(new TextDecoder().decode(bytes.slice(0, 64)));

/** What a message says of such a response. */
export const WEB_PAGE_ADVICE =
  "a web page came in place of the response: from a login page, a proxy or the portal of this network. " +
  "Open the address in a browser, then try again";
