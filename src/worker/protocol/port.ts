/** What a worker's global scope offers for talking to who started it. */
export interface Port<In, Out> {
  postMessage(message: Out, options: { transfer: Transferable[] }): void;
  addEventListener(type: "message", listener: (event: MessageEvent<In>) => void): void;
  close(): void;
}
