import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** A registry of npm packages on this machine. */
export interface Registry {
  readonly url: string;
  /** The line of .npmrc that lets npm publish to it. */
  readonly login: string;
  close(): Promise<void>;
}

/** Milliseconds until the registry must respond. */
const START_TIMEOUT = 30_000;

/**
 * Starts verdaccio. What is not published to it comes from the registry that npm is configured for.
 *
 * @param program path of verdaccio's script
 * @param folder of its files
 */
export async function startRegistry(program: string, folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const upstream = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  const config = {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: 10 } },
    uplinks: { upstream: { url: upstream, cache: false } },
    packages: {
      "{lakota,numcodecs-wasm}": { access: "$all", publish: "$authenticated" },
      "**": { access: "$all", publish: "$authenticated", proxy: "upstream" },
    },
    web: { enable: false },
    log: { type: "stdout", format: "json", level: "warn" },
  };
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(config)); // JSON is YAML
  const child = spawn(process.execPath, [program, "--config", file, "--listen", `127.0.0.1:${port}`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = once(child, "exit").then(() => {
    throw new Error(`the registry ended: ${output}`);
  });
  ended.catch(() => {});
  await Promise.race([untilUp(url), ended]);
  return {
    url,
    login: `//127.0.0.1:${port}/:_authToken=${await createUser(url)}`,
    async close() {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}

async function untilUp(url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    const response = await fetch(`${url}-/ping`).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > deadline) throw new Error(`the registry does not respond at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Returns the token of a new user. */
async function createUser(url: string): Promise<string> {
  const user = { name: "release", password: "try-a-release-1" };
  const response = await fetch(`${url}-/user/org.couchdb.user:${user.name}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(user),
  });
  const { token }: { token?: string } = JSON.parse(await response.text());
  if (token === undefined) throw new Error(`the registry made no user: ${response.status}`);
  return token;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no free port");
  return address.port;
}
