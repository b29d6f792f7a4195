import type { StoresRequest, StoresResult } from "./stores.worker.ts";

declare global {
  interface Window {
    /** Runs a request in a new worker. */
    stores: (request: StoresRequest) => Promise<StoresResult>;
  }
}

window.stores = (request) => {
  const worker = new Worker(new URL("./stores.worker.ts", import.meta.url), { type: "module" });
  return new Promise<StoresResult>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<StoresResult>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
};
