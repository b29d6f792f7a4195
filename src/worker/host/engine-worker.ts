/**
 * Entry of the engine's worker; `worker.js` in dist/. It only keeps messages until the code that handles them is loaded.
 *
 * It has no static imports and no exports, so that bundlers put no shared code here: chunks that load later would import
 * this file, and WebKit would evaluate it a second time. decode-worker.ts repeats its lines for the same reason.
 */
const kept: MessageEvent[] = [];
const keep = (event: MessageEvent) => void kept.push(event);
self.addEventListener("message", keep);

import("./run-engine.ts")
  .then(({ runEngine }) => {
    self.removeEventListener("message", keep);
    runEngine(self);
    for (const { data } of kept) self.dispatchEvent(new MessageEvent("message", { data }));
  })
  .catch((error: unknown) => {
    // Thrown by a task, it becomes the worker's `error` event; a rejection would not.
    setTimeout(() => {
      throw error;
    });
  });

export {};
