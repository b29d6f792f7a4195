import { explainFailure } from "../../model/api/arguments.ts";
import type { CallName, Calls, Invocation, Target } from "../protocol/messages.ts";

/** The public interface of each kind of object. */
const OWNERS: Readonly<Record<Target["on"], string>> = {
  repo: "Repo",
  collection: "Collection",
  series: "Series",
  batch: "Batch",
  batchSeries: "BatchSeries",
};

type Explained = { [N in CallName]?: (args: Calls[N]["args"]) => [name: string, args: readonly unknown[]] };

function invoke({ target, method, args, options }: Invocation): [name: string, args: readonly unknown[]] {
  return [`${OWNERS[target.on]}.${method}`, [...args, options]];
}

/** What the client has called, by the name of the message. */
const calls: Explained = {
  invoke,
  openResults: invoke,
  collection: ({ label }) => ["Repo.collection", [label]],
  clone: ({ label, to, options }) => ["Repo.clone", [label, to, options]],
  diff: ({ from, to, options }) => ["Collection.diff", [from, to, options]],
};

/** Returns the error for a call of the client that failed with another error than a LakotaError. */
export function explainCall<N extends CallName>(name: N, args: Calls[N]["args"], error: unknown): unknown {
  const [method, given] = calls[name]?.(args) ?? [name, []];
  return explainFailure(method, given, error);
}
