/** Lakota as a page without a bundler loads it: from a folder like dist/, workers and WebAssembly and all. */
export const lakotaFrom = (index: string): Promise<typeof import("lakota")> =>
  import(/* @vite-ignore */ index);

/** What shares its classes with it. */
export const interchangeFrom = (path: string): Promise<typeof import("lakota/interchange")> =>
  import(/* @vite-ignore */ path);
