/** What to check where decoders cannot be started. */
export const ADVICE =
  " It tries again every minute. Is the network down, or decoder.js not beside worker.js? Does the Content-Security-Policy " +
  "of worker.js allow it (worker-src; with Trusted Types, trusted-types lakota)? Has it the Cross-Origin-Embedder-Policy of " +
  "worker.js? `decoders: 0` starts none.";
