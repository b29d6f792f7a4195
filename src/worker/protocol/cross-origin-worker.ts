/**
 * Whether a script has another origin than the page, such as a CDN. Browsers start no worker from it. Only HTTP counts:
 * webpack, Rspack and Turbopack replace `import.meta.url` by the `file:` URL that the module had when they built.
 */
export const isCrossOrigin = (script: string): boolean =>
  /^http/.test(script) && new URL(script).origin !== globalThis.origin;

/** Starts a worker from a module of another origin, through a same-origin module that imports it. */
export function startCrossOriginWorker(name: string, base: string): Worker {
  const script = `import ${JSON.stringify(new URL(name, base))};`;
  // The URL is not revoked: browsers differ in when they have read it, and the script is short.
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return new Worker(url, { type: "module" });
}
