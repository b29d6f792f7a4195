/** Address and keys of the demo's S3 server, set by `npm start`; undefined in other builds of the page. */
declare const __DEMO__: import("./connection/settings.ts").Settings | undefined;

interface ImportMeta {
  /** Set by Vite. */
  readonly env: { readonly PROD: boolean };
}
