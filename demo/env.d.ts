/** The demo server's address and keys, put in by `npm start`; undefined where the page is served alone. */
declare const __DEMO__: import("./connection/settings.ts").Settings | undefined;

interface ImportMeta {
  /** Put in by Vite. */
  readonly env: { readonly PROD: boolean };
}
