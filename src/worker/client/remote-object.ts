import { asLakotaError } from "../../model/errors.ts";
import { unpackResult } from "../protocol/frames.ts";
import type {
  CallControls,
  Invocation,
  Invoker,
  MethodResult,
  RemoteMethods,
  Target,
} from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";

/** Loads the parts of the client that a page which only reads does not need. @throws `network` */
export const lazy = () =>
  import("./client-lazy.ts").catch((cause) => {
    throw asLakotaError(cause, "network", "Code that this call needs cannot be loaded");
  });

/** The client's handle on an object in the worker. */
export class RemoteObject<On extends keyof RemoteMethods> implements Invoker<On> {
  readonly connection: Connection;
  readonly #target: Target & { on: On };

  constructor(connection: Connection, target: Target & { on: On }) {
    this.connection = connection;
    this.#target = target;
  }

  /** Returns a call of a method, without what cannot be sent. @param args all arguments before the options */
  invocation<Args>(
    method: string,
    args: Args,
    { signal: _, onProgress: __, onStale: ___, ...options }: CallControls & object = {},
  ): Invocation<On, Args> {
    return { target: this.#target, method, args, options };
  }

  /** Calls a method of the object. @param args all arguments before the options */
  async invoke<Method extends keyof RemoteMethods[On]>(
    method: Method & string,
    args: readonly unknown[],
    options: CallControls & object = {},
    transfer?: ArrayBuffer[],
  ): Promise<MethodResult<RemoteMethods[On][Method]>> {
    const call = this.invocation(method, args, options);
    // The worker calls the method that `method` names and sends its result.
    const result = options.onStale
      ? (await lazy()).callStale(this.connection, call, options, unpackResult)
      : unpackResult(await this.connection.call("invoke", call, options, transfer));
    return result as MethodResult<RemoteMethods[On][Method]>;
  }
}

/**
 * Returns a class of handles whose methods only call the methods of the same names in the worker.
 *
 * @param names each with the number of its arguments before the options
 */
export function forwarding<On extends keyof RemoteMethods>() {
  return <Name extends keyof RemoteMethods[On] & string>(names: Readonly<Record<Name, number>>) => {
    class Forwarding extends RemoteObject<On> {}
    for (const [name, count] of Object.entries<number>(names)) {
      Reflect.set(Forwarding.prototype, name, function (this: Forwarding, ...args: unknown[]) {
        const options = args[count] as CallControls | undefined;
        args.length = count; // omitted arguments stay undefined, so that the options keep their position
        return this.invoke(name as Name, args, options);
      });
    }
    // The compiler does not see methods that are defined in a loop.
    return Forwarding as new (
      ...args: ConstructorParameters<typeof RemoteObject<On>>
    ) => RemoteObject<On> & Pick<RemoteMethods[On], Name>;
  };
}
