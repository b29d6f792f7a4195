/** Loads lakota without a bundler, from a folder like dist/ that holds the workers and WebAssembly too. */
export const lakotaFrom = (index: string): Promise<typeof import("lakota")> =>
  import(/* @vite-ignore */ index);

/** Loads lakota/interchange, which shares classes with lakota from the same folder. */
export const interchangeFrom = (path: string): Promise<typeof import("lakota/interchange")> =>
  import(/* @vite-ignore */ path);
