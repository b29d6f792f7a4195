import { explainFailure, parametersOf } from "../../model/api/arguments.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { crashError } from "./crash-error.ts";
import { unpackInput } from "./input-frames.ts";
import type { CallName, Calls, Target } from "./messages.ts";

/** The public interface of each kind of object. */
const OWNERS: Readonly<Record<Target["on"], string>> = {
  repo: "Repo",
  collection: "Collection",
  series: "Series",
  batch: "Batch",
  batchSeries: "BatchSeries",
};

/** A method that was called, its arguments before the options, and its options. */
type Called = readonly [method: string, given: readonly unknown[], options?: object];

type Explained = { [N in CallName]?: (args: Calls[N]["args"]) => Called };

/** What was called, by the name of the message. Options are those of the message by default. */
const calls: Explained = {
  open: ({ uri, options }) => ["connect", [uri], options],
  invoke: ({ target, method, args, rows }) => [
    `${OWNERS[target.on]}.${method}`,
    rows ? [unpackInput(rows), ...args] : args,
  ],
  collection: (label) => ["Repo.collection", [label]],
  createCollection: ({ schema, label }) => ["Repo.createCollection", [Schema.load(schema), label]],
  clone: ({ label, to }) => ["Repo.clone", [label, to]],
  diff: ({ from, to }) => ["Collection.diff", [from, to]],
  beginBatch: () => ["Collection.batch", [() => {}]],
  openPages: () => ["Series.pages", []],
  nextPage: () => ["Series.pages", []],
};

/** Options that stay in the client. */
const NOT_SENT = ["signal", "onProgress", "onStale", "credentials", "sign", "onWarning", "worker"];

/**
 * Returns the error for a call of a client that failed with another error than a LakotaError: in the worker, or in the
 * client before it was sent.
 */
export function explainCall<N extends CallName>(
  name: N,
  args: Calls[N]["args"],
  options: object,
  error: unknown,
): unknown {
  try {
    const [method, given, ownOptions = options] = calls[name]?.(args) ?? [name, []];
    return explainArguments(method, given, ownOptions, error);
  } catch {
    return asLakotaError(error); // what failed is not explained, but the caller must get it
  }
}

/**
 * Like {@link explainCall}, by the name of the method.
 *
 * @param given arguments before the options
 * @param error may be the event of a crash
 */
export function explainArguments(
  method: string,
  given: readonly unknown[],
  options: object,
  error: unknown,
): unknown {
  if (error instanceof Event) return crashError(error);
  const explained = explainFailure(method, [...given, options], error);
  if (explained instanceof LakotaError && explained.code !== "internal") return explained;
  if (!(error instanceof DOMException && error.name === "DataCloneError")) return explained;
  const parameters = parametersOf(method);
  const sent = { ...Object.fromEntries(given.map((value, i) => [parameters[i], value])), ...options };
  const what = Object.entries(sent).map(([name, value]) =>
    NOT_SENT.includes(name) ? undefined : unsendable(name, value),
  );
  const message = `${what.find(Boolean) ?? "An argument"} cannot be sent to the worker (${error.message}). `;
  const advice = "Pass plain values: no functions, proxies (reactive objects) or class instances.";
  return new LakotaError("invalid-argument", message + advice, { cause: error });
}

/** Returns the name of an argument, or of its property, that cannot be sent to another thread. */
function unsendable(name: string, value: unknown, isNested = false): string | undefined {
  try {
    structuredClone(value);
    return undefined;
  } catch {
    if (isNested || typeof value !== "object" || value === null) return name;
    for (const key of Object.keys(value)) {
      const inner = unsendable(`${name}.${key}`, Reflect.get(value, key), true);
      if (inner) return inner;
    }
    return name;
  }
}
