import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { makeIndex, Publisher } from "../../engine/repo/publish.ts";
import { LakotaError } from "../../model/errors.ts";
import { kindOf } from "../../model/layout.ts";
import { defineCommand } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { wholeNumber } from "../options/values.ts";
import { explorerFolder } from "../package.ts";
import { FreshIndex } from "../serve/fresh-index.ts";
import { Front, REPO } from "../serve/repo-handler.ts";
import { Pages } from "../serve/pages.ts";
import { checkToken, newToken, tokenCheck } from "../serve/token.ts";
import { Writing } from "../serve/writing.ts";

export const serve = defineCommand({
  name: "serve",
  summary: "Serve the repo over HTTP, for reading or also for writing, with the explorer beside it",
  description: [
    'The repo is at `/repo`: pages and programs open it with `connect("http://127.0.0.1:8080/repo")`, and what is written meanwhile is seen. ' +
      "It is also a way to a repo that browsers cannot reach themselves, such as a folder or a private bucket.",
    "Only files of the repo are served, and those of the explorer. Anybody who reaches the port may read all of it: by default that is this machine alone. Ctrl-C ends it.",
    "With `--writable`, those who have the token may write it: `lakota -r http://127.0.0.1:8080/repo --token TOKEN`, `connect(uri, { token })`. " +
      "The token is that of `--token` or LAKOTA_TOKEN; else one is made and printed, once. There is no encryption here: put a proxy with https before it, if others are to reach it.",
  ],
  options: {
    port: { short: "p", value: "PORT", parse: port, about: "default 8080; 0: any that is free" },
    host: { value: "ADDRESS", about: "default 127.0.0.1, this machine alone; 0.0.0.0: all that reach it" },
    writable: { about: "let those who bear the token write" },
    "max-file": {
      value: "MIB",
      parse: wholeNumber,
      about: "with --writable, the largest file that is taken. Default 256",
    },
  },
  examples: [
    { command: "lakota serve", about: "then open the address that it prints" },
    {
      command: "lakota -r s3://bucket/weather serve --port 9000",
      about: "a bucket, with its keys kept here",
    },
    { command: "lakota serve --writable", about: "who has the token that it prints may push to it" },
  ],
  async run(context, _, { port = 8080, host = "127.0.0.1", writable = false, "max-file": maxFile = 256 }) {
    const { signal, warn, token } = context;
    if (writable && token === undefined && context.globals.quiet && !context.globals.json)
      throw new UsageError("--quiet would hide the token that is made: give one in LAKOTA_TOKEN.");
    const secret = writable ? checkToken(token ?? newToken()) : undefined;
    // Others write past this repo, and here: no listing is believed, and FreshIndex keeps them few.
    const repo = await context.repo({ cache: true, maxAge: 0 });
    const { store, registry } = repo;
    const publisher = new Publisher(store, registry, warn, new AbortController().signal);
    let renewing = Promise.resolve();
    const writing =
      secret !== undefined &&
      new Writing({
        store,
        kindOf,
        mayWrite: tokenCheck(secret),
        maxFile: maxFile * 2 ** 20,
        changed: () => {
          renewing = publisher.renew();
        },
        warn,
      });
    const front = new Front({
      store,
      index: new FreshIndex(() => makeIndex(store, registry, signal)),
      pages: new Pages(explorerFolder()),
      kindOf,
      ...(writing && { writing }),
      warn,
    });
    const server = createServer((request, response) => void front.serve(request, response));
    await listen(server, port, host);
    if (writable && !isLocal(host))
      warn(
        `the token and all that is written cross the network unencrypted, and whoever hears the token at ${host} can write. ` +
          "Put a proxy with https before it, or leave --host out.",
      );
    const { port: bound } = server.address() as AddressInfo;
    const origin = `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
    const url = `${origin}${REPO}`;
    const explorer = explorerFolder() && `${origin}/?uri=${encodeURIComponent(url)}`;
    const made = token === undefined ? secret : undefined;
    const lines = [
      `${repo.uri} is at ${url}${writable ? ", and can be written" : ""}`,
      ...(made ? [`The token of those who write (--token, LAKOTA_TOKEN): ${made}`] : []),
      ...(explorer ? [`Explore it at ${explorer}`] : []),
    ];
    await context.report(
      { url, ...(explorer && { explorer }), ...(made && { token: made }) },
      lines.join("\n"),
    );
    if (!signal.aborted) await once(signal, "abort");
    server.close();
    server.closeAllConnections();
    await renewing;
    return 0;
  },
});

const isLocal = (host: string) => /^(localhost|127\.[\d.]+|::1)$/.test(host);

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
