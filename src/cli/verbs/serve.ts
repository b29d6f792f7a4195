import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { makeIndex, Publisher } from "../../engine/repo/publish.ts";
import { LakotaError } from "../../model/errors.ts";
import { kindOf } from "../../model/parse-layout.ts";
import { defineCommand } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { wholeNumber } from "../options/values.ts";
import { explorerFolder } from "../package.ts";
import { FreshIndex } from "../serve/fresh-index.ts";
import { Gate, isLoopback } from "../serve/gate.ts";
import { REPO_PATH, RepoHandler } from "../serve/repo-handler.ts";
import { StaticFiles } from "../serve/static-files.ts";
import { checkToken, newToken, tokenCheck } from "../serve/token.ts";
import { WriteHandler } from "../serve/write-handler.ts";

export const serve = defineCommand({
  name: "serve",
  summary: "Serve the repo over HTTP, read-only or writable, together with the explorer",
  description: [
    'The repo is at `/repo`: pages and programs open it with `connect("http://127.0.0.1:8080/repo")`, and see later writes too. ' +
      "This also gives browsers access to a repo that they cannot reach themselves, such as a folder or a private bucket.",
    "Only files of the repo and of the explorer are served. Anyone who can reach the port can read all of them: by default, only this machine. Ctrl-C stops the server.",
    "Of web pages, only those of this machine may read from it (`http://localhost:5173`, for example), and those of `--allow-origin`. It answers to its addresses, to `localhost`, and to the names of `--allow-host`: behind a proxy or under a name of its own, it needs that.",
    "With `--writable`, clients that have the token can write: `lakota -r http://127.0.0.1:8080/repo --token TOKEN`, `connect(uri, { token })`. " +
      "The token is that of `--token` or LAKOTA_TOKEN; without either, a new one is generated and printed once. Connections are not encrypted: put an https proxy in front before others can reach it.",
  ],
  options: {
    port: {
      short: "p",
      value: "PORT",
      parse: port,
      about: "port to listen on; 0 picks a free one. Default: 8080",
    },
    host: {
      value: "ADDRESS",
      about: "address to listen on; 0.0.0.0 for all interfaces. Default: 127.0.0.1, this machine only",
    },
    "allow-origin": {
      value: "ORIGIN",
      many: true,
      parse: origin,
      about:
        "let pages of this origin read from the server, such as https://app.example; * for all. Can be repeated",
    },
    "allow-host": {
      value: "NAME",
      many: true,
      about: "answer to this name too, such as data.example. Can be repeated",
    },
    writable: { about: "allow clients that have the token to write" },
    "max-file": {
      value: "MIB",
      parse: wholeNumber,
      about: "with --writable, the largest file accepted. Default: 256",
    },
  },
  examples: [
    { command: "lakota serve", about: "then open the address that it prints" },
    {
      command: "lakota -r s3://bucket/weather serve --port 9000",
      about: "a bucket, with its keys kept on this machine",
    },
    { command: "lakota serve --writable", about: "clients that have the printed token can push to it" },
  ],
  async run(context, _, options) {
    const { port = 8080, host = "127.0.0.1", writable = false, "max-file": maxFile = 256 } = options;
    const { signal, warn, token } = context;
    if (writable && token === undefined && context.globals.quiet && !context.globals.json)
      throw new UsageError("--quiet would hide the generated token: set one in LAKOTA_TOKEN.");
    const secret = writable ? checkToken(token ?? newToken()) : undefined;
    // Others may write to the store directly, so listings are never reused here. FreshIndex limits how often they are made.
    const repo = await context.repo({ cache: true, maxAge: 0 });
    const { store, registry } = repo;
    const publisher = new Publisher(store, registry, warn, new AbortController().signal);
    const index = new FreshIndex(() => makeIndex(store, registry, signal));
    let renewing = Promise.resolve();
    const writeHandler =
      secret !== undefined &&
      new WriteHandler({
        store,
        kindOf,
        mayWrite: tokenCheck(secret),
        maxFile: maxFile * 2 ** 20,
        changed: () => {
          index.expire();
          renewing = publisher.renew();
        },
        warn,
      });
    const handler = new RepoHandler({
      store,
      index,
      gate: new Gate({
        hosts: [host, ...(options["allow-host"] ?? [])],
        origins: options["allow-origin"] ?? [],
      }),
      staticFiles: new StaticFiles(explorerFolder()),
      kindOf,
      ...(writeHandler && { writeHandler }),
      warn,
    });
    const server = createServer((request, response) => void handler.serve(request, response));
    await listen(server, port, host);
    if (writable && !isLoopback(host))
      warn(
        `the token and all data cross the network unencrypted, and anyone who intercepts the token at ${host} can write. ` +
          "Put an https proxy in front, or omit --host.",
      );
    const { port: actualPort } = server.address() as AddressInfo;
    const origin = `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
    const url = `${origin}${REPO_PATH}`;
    const explorer = explorerFolder() && `${origin}/?uri=${encodeURIComponent(url)}`;
    const generated = token === undefined ? secret : undefined;
    const lines = [
      `${repo.uri} is at ${url}${writable ? ", writable" : ""}`,
      ...(generated ? [`Token for writing (--token, LAKOTA_TOKEN): ${generated}`] : []),
      ...(explorer ? [`Explore it at ${explorer}`] : []),
    ];
    await context.report(
      { url, ...(explorer && { explorer }), ...(generated && { token: generated }) },
      lines.join("\n"),
    );
    if (!signal.aborted) await once(signal, "abort");
    server.close();
    server.closeAllConnections();
    await renewing;
    return 0;
  },
});

/** Returns an origin as browsers send it. @throws UsageError */
function origin(text: string): string {
  if (text === "*") return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search) return url.origin;
  throw new UsageError(`"${text}" is not an origin. Write https://app.example, or * for all.`);
}

function port(text: string): number {
  const number = wholeNumber(text);
  if (number < 65_536) return number;
  throw new UsageError(`${text} is not a port: the highest is 65535.`);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(explain(error)));
    server.listen(port, host, resolve);
  });
}

function explain(cause: Error): Error {
  if (!("code" in cause) || cause.code !== "EADDRINUSE") return cause;
  return new LakotaError("conflict", "The port is already in use. Choose another one with --port.", {
    cause,
  });
}
