import type { Link } from "./link.ts";
import type { Hearing, Methods, Plain, Target } from "./protocol.ts";

/** The page's handle on an object in the worker. */
export class Remote<On extends keyof Methods> {
  readonly link: Link;
  readonly #target: Target & { on: On };

  constructor(link: Link, target: Target & { on: On }) {
    this.link = link;
    this.#target = target;
  }

  /** Calls a method there, with all arguments but the options. */
  do<Method extends keyof Methods[On]>(
    method: Method & string,
    args: readonly unknown[],
    options: Hearing & object = {},
    transfer?: ArrayBuffer[],
  ): Answer<Methods[On][Method]> {
    const call = { target: this.#target, method, args, options: plain(options) };
    // The worker calls the very method that `method` names, and sends what it answers.
    return this.link.call("invoke", call, options, transfer) as Answer<Methods[On][Method]>;
  }
}

/** What a method answers: always a promise. */
type Answer<M> = M extends (...args: never[]) => infer Result ? Result : never;

/** Options without what cannot cross. */
export function plain<Options extends Hearing>({
  signal: _,
  onProgress: __,
  ...rest
}: Options): Plain<Options> {
  return rest;
}
