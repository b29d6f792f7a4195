import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cephConf } from "./ceph-conf.ts";

const run = promisify(execFile);
const MINUTE = 60_000;

export interface Cluster {
  /** Where its gateway answers S3 requests. */
  readonly url: string;
  close(): Promise<void>;
}

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Starts a Ceph of its own in a temporary folder, with one user. Takes about 20 seconds. */
export async function startCluster(keys: Keys): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "lakota-ceph-"));
  const daemons = new Daemons(folder);
  try {
    const url = await start(folder, daemons, keys);
    return { url, close: () => daemons.end() };
  } catch (error) {
    const told = await daemons.told();
    await daemons.end();
    throw new Error(`Ceph did not start. ${told}`, { cause: error });
  }
}

async function start(folder: string, daemons: Daemons, keys: Keys): Promise<string> {
  const [monitor, gateway] = [await freePort(), await freePort()];
  const conf = join(folder, "ceph.conf");
  const fsid = randomUUID();
  for (const name of ["run", "crash", "log", "mon", "osd"]) await mkdir(join(folder, name));
  await writeFile(conf, cephConf(folder, fsid, { monitor, gateway }));
  const ceph = (command: string, ...args: string[]) =>
    run(command, ["-c", conf, ...args], { timeout: MINUTE });

  const map = join(folder, "monmap");
  const address = `[v2:127.0.0.1:${monitor}]`;
  await run("monmaptool", ["--create", "--clobber", "--fsid", fsid, "--addv", "a", address, map]);
  await ceph("ceph-mon", "--mkfs", "-i", "a", "--monmap", map);
  daemons.start("ceph-mon", "-i", "a", "-c", conf);

  const osd = randomUUID();
  await ceph("ceph", "osd", "new", osd); // waits for the monitor
  await ceph("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd);
  daemons.start("ceph-osd", "-i", "0", "-c", conf);

  const user = ["--uid=test", "--display-name=Test", `--access-key=${keys.accessKeyId}`];
  await ceph("radosgw-admin", "user", "create", ...user, `--secret-key=${keys.secretAccessKey}`); // waits for the store
  daemons.start("radosgw", "-n", "client.rgw", "-c", conf);
  const url = `http://127.0.0.1:${gateway}`;
  await answering(url, daemons);
  return url;
}

/** Processes that run until they are ended. */
class Daemons {
  readonly #folder: string;
  readonly #running = new Map<string, ChildProcess>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  start(command: string, ...args: string[]): void {
    const child = spawn(command, [...args, "-f"], { stdio: ["ignore", "pipe", "pipe"] });
    const output = createWriteStream(this.#output(command));
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    this.#running.set(command, child);
    process.once("exit", () => child.kill("SIGKILL"));
  }

  /** One that has ended by itself. */
  get ended(): string | undefined {
    return [...this.#running].find(([, child]) => child.exitCode !== null)?.[0];
  }

  /** The last words of each. */
  async told(): Promise<string> {
    const last = async (name: string) => (await readFile(this.#output(name), "utf8")).slice(-2000);
    const told = [...this.#running.keys()].map(async (name) => `\n== ${name}\n${await last(name)}`);
    return (await Promise.all(told)).join("");
  }

  async end(): Promise<void> {
    for (const child of [...this.#running.values()].reverse()) {
      if (child.exitCode !== null) continue;
      const closed = once(child, "close");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), MINUTE / 4);
      await closed;
      clearTimeout(timer);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #output(name: string): string {
    return join(this.#folder, "log", `${name}.out`);
  }
}

/** Waits until a server answers. */
async function answering(url: string, daemons: Daemons): Promise<void> {
  for (const end = Date.now() + MINUTE; Date.now() < end; ) {
    if (daemons.ended) throw new Error(`${daemons.ended} has ended`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} did not answer in a minute`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
