import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LakotaError } from "../../model/errors.ts";
import { systemReason } from "../output/error-text.ts";

/** What the configuration of the command holds. What other versions store in it is kept. */
export interface Config {
  /** The addresses of repositories by name. Several form a stack, the nearest first. */
  readonly remotes?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Returns the path of the configuration: `lakota/config.json` in `XDG_CONFIG_HOME`, else in `~/.config`; on Windows in
 * `APPDATA`. As the specification of XDG demands, a relative folder is ignored.
 */
export function configPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME, APPDATA } = environment;
  const home = join(homedir(), ".config");
  const folder = XDG_CONFIG_HOME?.startsWith("/")
    ? XDG_CONFIG_HOME
    : process.platform === "win32"
      ? (APPDATA ?? home)
      : home;
  return join(folder, "lakota", "config.json");
}

/** Reads the configuration; a missing file is an empty one. @throws `invalid-argument`, `forbidden`, naming the file */
export async function readConfig(path = configPath()): Promise<Config> {
  const text = await readFile(path, "utf8").catch((error) => {
    if (["ENOENT", "ENOTDIR"].includes(error?.code)) return undefined;
    throw cannot("read", path, error);
  });
  if (text === undefined || text.trim() === "") return {};
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(path, `is not valid JSON: ${why}`, cause);
  }
  if (isConfig(config)) return config;
  throw invalid(path, 'must be of the form {"remotes": {"NAME": "ADDRESS"}}');
}

/** Milliseconds that a change waits for another one to end. */
const PATIENCE = 5_000;

/**
 * Changes the configuration, while no other process does: a file beside it is the lock.
 *
 * @param patience milliseconds to wait for another change
 * @throws the errors of {@link readConfig} and of `change`; `conflict` for a lock that stays
 */
export async function changeConfig(
  change: (config: Config) => Config,
  path = configPath(),
  patience = PATIENCE,
): Promise<void> {
  const lock = `${path}.lock`;
  const end = Date.now() + patience;
  await mkdir(dirname(path), { recursive: true }).catch((error) => {
    throw cannot("write", path, error);
  });
  for (;;) {
    try {
      await (await open(lock, "wx")).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw cannot("write", path, error);
      if (Date.now() > end) {
        const message = `Another command is changing the configuration ${path}. If none runs, remove ${lock}.`;
        throw new LakotaError("conflict", message, { cause: error });
      }
      await delay(10 + 20 * Math.random());
    }
  }
  try {
    await writeConfig(change(await readConfig(path)), path);
  } finally {
    await rm(lock, { force: true });
  }
}

/** Replaces the configuration. Readers see the old file or the whole new one. @throws `forbidden`, naming the file */
async function writeConfig(config: Config, path: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cannot("write", path, error);
  }
}

function isConfig(value: unknown): value is Config {
  if (!isRecord(value)) return false;
  const { remotes = {} } = value;
  return isRecord(remotes) && Object.values(remotes).every(isAddress);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isAddress = (value: unknown): boolean =>
  typeof value === "string" ||
  (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string"));

const invalid = (path: string, problem: string, cause?: unknown) =>
  new LakotaError(
    "invalid-argument",
    `The configuration ${path} ${problem}. Correct or remove it, and add remotes with \`lakota remote add\`.`,
    { cause },
  );

const cannot = (doing: string, path: string, cause: unknown) =>
  new LakotaError("forbidden", `Cannot ${doing} the configuration ${path}: ${systemReason(cause)}.`, {
    cause,
  });
