/**
 * Entry of the workers that decode chunks; `decoder.js` in dist/. It only keeps messages until the code that handles them
 * is loaded, without static imports and exports: engine-worker.ts explains why.
 */
const kept: MessageEvent[] = [];
const keep = (event: MessageEvent) => void kept.push(event);
self.addEventListener("message", keep);

import("./decode-tasks.ts")
  .then(({ decodeTasks }) => {
    self.removeEventListener("message", keep);
    decodeTasks(self);
    for (const { data } of kept) self.dispatchEvent(new MessageEvent("message", { data }));
  })
  .catch((error: unknown) => {
    setTimeout(() => {
      throw error;
    });
  });

export {};
