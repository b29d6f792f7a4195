import { use, useEffect, useReducer } from "react";
import type { Repo } from "../../model/api/repo.ts";
import { connect } from "../../worker/client/client.ts";
import type { ConnectOptions } from "../../worker/client/options.ts";
import { keyOf } from "./key.ts";
import { repoUsage, Usage } from "./usage.ts";

interface Connected {
  readonly repo: Promise<Repo>;
  readonly usage: Usage;
}

/** Milliseconds from the last use: another page of the app may use it next. */
const CLOSE_AFTER = 5_000;

const connections = new Map<string, Connected>();

/**
 * Opens a repository, as `connect` does, and suspends until it is open. Components that name the same address and options
 * share it. It is closed five seconds after the last of them was unmounted.
 *
 * Functions among the options (`credentials`, `sign`, `onWarning`, `worker`) may be new ones each time: those of the first
 * call are used.
 *
 * @throws as `connect`, to the nearest error boundary
 * @example
 * function App() {
 *   const repo = useRepo("https://data.example.com/weather");
 *   const temperature = useCollection(repo, "temperature");
 *   return <Chart collection={temperature} />;
 * }
 * root.render(<Suspense fallback="Loading …"><App /></Suspense>);
 */
export function useRepo(address: string | readonly string[], options: ConnectOptions = {}): Repo {
  const key = keyOf(address, options);
  const { repo, usage } = connections.get(key) ?? open(key, address, options);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!usage.isDisposed) return usage.retain();
    renderAgain(); // closed while the component was hidden
    return undefined;
  }, [usage]);
  return use(repo);
}

function open(key: string, address: string | readonly string[], options: ConnectOptions): Connected {
  const repo = connect(address, options);
  const dispose = () => {
    connections.delete(key);
    repo.then(
      (opened) => opened.close(),
      () => {},
    );
  };
  const usage = new Usage(repo, dispose, CLOSE_AFTER);
  repo.then(
    (opened) => repoUsage.set(opened, usage),
    () => {},
  );
  const connection = { repo, usage };
  connections.set(key, connection);
  return connection;
}
