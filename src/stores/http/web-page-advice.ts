/** What messages say of a web page that came in place of a response. */
export const WEB_PAGE_ADVICE =
  "a web page came in place of the response: from a login page, a proxy or the portal of this network. " +
  "Open the address in a browser, then try again";
