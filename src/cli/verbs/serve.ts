import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LakotaError } from "../../model/errors.ts";
import { makeIndex } from "../../repo/publish.ts";
import { defineCommand } from "../command.ts";
import { explorerFolder } from "../package.ts";
import { FreshIndex } from "../serve/fresh-index.ts";
import { Front, REPO } from "../serve/front.ts";
import { Pages } from "../serve/pages.ts";
import { UsageError } from "../usage-error.ts";
import { wholeNumber } from "../values.ts";

export const serve = defineCommand({
  name: "serve",
  summary: "Serve the repo over HTTP, for reading, with the explorer beside it",
  description: [
    'The repo is at `/repo`: pages and programs open it with `connect("http://127.0.0.1:8080/repo")`, and what is written meanwhile is seen. ' +
      "It is also a way to a repo that browsers cannot reach themselves, such as a folder or a private bucket.",
    "Only files of the repo are served, and those of the explorer. Anybody who reaches the port may read all of it: by default that is this machine alone. Ctrl-C ends it.",
  ],
  options: {
    port: { short: "p", value: "PORT", parse: port, about: "default 8080; 0: any that is free" },
    host: { value: "ADDRESS", about: "default 127.0.0.1, this machine alone; 0.0.0.0: all that reach it" },
  },
  examples: [
    { command: "lakota serve", about: "then open the address that it prints" },
    {
      command: "lakota -r s3://bucket/weather serve --port 9000",
      about: "a bucket, with its keys kept here",
    },
  ],
  async run(context, _, { port = 8080, host = "127.0.0.1" }) {
    const { signal, warn } = context;
    const repo = await context.repo({ cache: true });
    const { store, registry } = repo;
    const front = new Front({
      store,
      index: new FreshIndex(() => makeIndex(store, registry, signal)),
      pages: new Pages(explorerFolder()),
      warn,
    });
    const server = createServer((request, response) => void front.serve(request, response));
    await listen(server, port, host);
    const { port: bound } = server.address() as AddressInfo;
    const origin = `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
    const url = `${origin}${REPO}`;
    const explorer = explorerFolder() && `${origin}/?uri=${encodeURIComponent(url)}`;
    const lines = [`${repo.uri} is at ${url}`, ...(explorer ? [`Explore it at ${explorer}`] : [])];
    await context.report({ url, ...(explorer && { explorer }) }, lines.join("\n"));
    if (!signal.aborted) await once(signal, "abort");
    server.close();
    server.closeAllConnections();
    return 0;
  },
});

function port(text: string): number {
  const number = wholeNumber(text);
  if (number < 65_536) return number;
  throw new UsageError(`${text} is no port: those end at 65535.`);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(explain(error)));
    server.listen(port, host, resolve);
  });
}

function explain(cause: Error): Error {
  if (!("code" in cause) || cause.code !== "EADDRINUSE") return cause;
  return new LakotaError("conflict", "The port is taken. Choose another one with --port.", { cause });
}
