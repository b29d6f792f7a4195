import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../src/async/clock.ts";
import { FreshIndex } from "../../src/cli/serve/fresh-index.ts";
import { Gate } from "../../src/cli/serve/gate.ts";
import { REPO_PATH, RepoHandler } from "../../src/cli/serve/repo-handler.ts";
import { StaticFiles } from "../../src/cli/serve/static-files.ts";
import { tokenCheck } from "../../src/cli/serve/token.ts";
import { WriteHandler } from "../../src/cli/serve/write-handler.ts";
import { type FileKind, kindOf as repoKindOf } from "../../src/model/parse-layout.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Store } from "../../src/stores/store.ts";

export const TOKEN = "test-token";

interface HostOptions {
  /** Whether to accept paths that no repo has: the conformance suite uses such. */
  anyPath?: boolean;
  maxFile?: number;
  store?: (name: string) => Store;
  clock?: Clock;
  /** Makes the index. */
  index?: () => Promise<string>;
}

/**
 * Serves as `lakota serve --writable` does, in this process, with a separate store for each first part of a
 * path.
 */
export async function startWritableHost({
  anyPath = false,
  maxFile = 2 ** 24,
  store: make = () => new MemoryStore(),
  clock,
  index,
}: HostOptions = {}) {
  const kindOf = anyPath ? (): FileKind => "set-aside" : repoKindOf;
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const changes: string[] = [];
  const underway = new Set<Promise<void>>();
  const fronts = new Map<string, RepoHandler>();
  const frontOf = (name: string) => {
    const store = make(name);
    const front = new RepoHandler({
      store,
      index: new FreshIndex(async () =>
        new TextEncoder().encode(index ? await index() : `the index of ${name}`),
      ),
      gate: new Gate({ hosts: [], origins: [] }),
      staticFiles: new StaticFiles(undefined),
      kindOf,
      writeHandler: new WriteHandler({
        store,
        kindOf,
        mayWrite: tokenCheck(TOKEN),
        maxFile,
        changed: () => changes.push(name),
        warn,
      }),
      warn,
      ...(clock && { clock }),
    });
    fronts.set(name, front);
    return front;
  };
  const server = createServer((request, response) => {
    const [, name = "", rest = "/"] = /^\/([^/?]*)(.*)$/.exec(request.url ?? "") ?? [];
    request.url = rest;
    const answering = (fronts.get(name) ?? frontOf(name)).serve(request, response);
    underway.add(answering);
    void answering.finally(() => underway.delete(answering));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    /** The URL to open a store with. */
    url: (name: string) => `http://127.0.0.1:${port}/${name}${REPO_PATH}`,
    warnings,
    changes,
    /** Requests in progress. */
    underway,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type WritableHost = Awaited<ReturnType<typeof startWritableHost>>;
