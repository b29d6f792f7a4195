import type { WireInput } from "../protocol/input-frames.ts";
import type { CallControls, RemoteMethods, Target } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";

/** The client's handle on an object in the worker. */
export class RemoteObject<On extends keyof RemoteMethods> {
  readonly connection: Connection;
  readonly target: Target & { on: On };

  constructor(connection: Connection, target: Target & { on: On }) {
    this.connection = connection;
    this.target = target;
  }

  /**
   * Calls a method of the object.
   *
   * @param args all arguments before the options, except for `rows` to write, which come first
   */
  invoke<Method extends keyof RemoteMethods[On]>(
    method: Method & string,
    args: readonly unknown[],
    options?: CallControls & object,
    transfer?: ArrayBuffer[],
    rows?: WireInput,
  ): Result<RemoteMethods[On][Method]> {
    const call = { target: this.target, method, args, rows };
    // The worker calls the method that `method` names and sends its result.
    return this.connection.call("invoke", call, options, transfer) as Result<RemoteMethods[On][Method]>;
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

/** What a method returns: always a promise. */
type Result<Method> = Method extends (...args: never[]) => infer R ? R : never;
