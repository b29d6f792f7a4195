import { use, useEffect } from "react";
import type { Repo } from "../../model/api/repo.ts";
import { connect } from "../../worker/client/client.ts";
import type { ConnectOptions } from "../../worker/client/options.ts";
import { keyOf } from "./key.ts";
import { Usage } from "./usage.ts";

interface Connected {
  readonly repo: Promise<Repo>;
  readonly usage: Usage;
}

const connections = new Map<string, Connected>();

/**
 * Opens a repository, as `connect` does, and suspends until it is open. Components that name the same address and options
 * share it. It is closed when the last of them is unmounted.
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
  const connection = connections.get(key) ?? open(key, address, options);
  useEffect(() => connection.usage.retain(), [connection]);
  return use(connection.repo);
}

function open(key: string, address: string | readonly string[], options: ConnectOptions): Connected {
  const repo = connect(address, options);
  const usage = new Usage(() => {
    connections.delete(key);
    repo.then(
      (opened) => opened.close(),
      () => {},
    );
  });
  repo.catch(() => usage.fail());
  const connection = { repo, usage };
  connections.set(key, connection);
  return connection;
}
