import { Host } from "../../src/worker/host/host.ts";
import type { FromWorker } from "../../src/worker/protocol/messages.ts";

/**
 * Runs the host on this thread, behind a channel that clones and transfers as that of a worker.
 *
 * @param onSent called with a copy of each message that the host sends
 */
export function startHost(onSent?: (message: FromWorker) => void): Worker {
  const { port1, port2 } = new MessageChannel();
  new Host({
    postMessage(message, options) {
      if (onSent) onSent(structuredClone(message));
      port2.postMessage(message, options);
    },
    addEventListener: (type, listener) => port2.addEventListener(type, listener),
    close: () => port2.close(),
  });
  port1.start();
  port2.start();
  const worker: Pick<Worker, "postMessage" | "addEventListener" | "terminate"> = {
    postMessage: port1.postMessage.bind(port1),
    addEventListener: port1.addEventListener.bind(port1),
    terminate: () => port1.close(),
  };
  return worker as Worker;
}
