import type { CallControls, Methods, Plain, Target } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";

/** The page's handle on an object in the worker. */
export class RemoteObject<On extends keyof Methods> {
  readonly link: Connection;
  readonly #target: Target & { on: On };

  constructor(link: Connection, target: Target & { on: On }) {
    this.link = link;
    this.#target = target;
  }

  /** Calls a method there, with all arguments but the options. */
  do<Method extends keyof Methods[On]>(
    method: Method & string,
    args: readonly unknown[],
    options: CallControls & object = {},
    transfer?: ArrayBuffer[],
  ): Answer<Methods[On][Method]> {
    const call = { target: this.#target, method, args, options: plain(options) };
    // The worker calls the very method that `method` names, and sends what it answers.
    return this.link.call("invoke", call, options, transfer) as Answer<Methods[On][Method]>;
  }
}

/**
 * A class of handles with methods that do no more than call those of the same names in the worker.
 *
 * @param names each with the number of its arguments before the options
 */
export function forwarding<On extends keyof Methods>() {
  return <Name extends keyof Methods[On] & string>(names: Readonly<Record<Name, number>>) => {
    class Forwarding extends RemoteObject<On> {}
    for (const [name, count] of Object.entries<number>(names)) {
      Reflect.set(Forwarding.prototype, name, function (this: Forwarding, ...args: unknown[]) {
        const options = args[count] as CallControls | undefined;
        args.length = count; // one that was left out keeps its place: the options may not take it
        return this.do(name as Name, args, options);
      });
    }
    // The compiler does not see methods that are defined one by one.
    return Forwarding as new (
      ...args: ConstructorParameters<typeof RemoteObject<On>>
    ) => RemoteObject<On> & Pick<Methods[On], Name>;
  };
}

/** What a method answers: always a promise. */
type Answer<M> = M extends (...args: never[]) => infer Result ? Result : never;

/** Options without what cannot cross. */
export function plain<Options extends CallControls>({
  signal: _,
  onProgress: __,
  ...rest
}: Options): Plain<Options> {
  return rest;
}
