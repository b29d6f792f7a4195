/** Whether a script may not be the start of a worker here: browsers take none from another origin, such as a CDN. */
export const isCrossOrigin = (script: string): boolean => new URL(script).origin !== globalThis.origin;

/** Starts a module of another origin, through a module of this origin that imports it. */
export function startCrossOriginWorker(name: string, base: string): Worker {
  const script = `import ${JSON.stringify(new URL(name, base).href)};`;
  // Not revoked: browsers differ in when they have read it, and it is short.
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return new Worker(url, { type: "module" });
}
