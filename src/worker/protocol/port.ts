/** The part of a worker's global scope that exchanges messages with the thread that started the worker. */
export interface Port<In, Out> {
  postMessage(message: Out, options: { transfer: Transferable[] }): void;
  addEventListener(type: "message", listener: (event: MessageEvent<In>) => void): void;
  close(): void;
}
