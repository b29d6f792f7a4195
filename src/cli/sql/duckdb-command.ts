import { spawn } from "node:child_process";
import { once } from "node:events";
import { LakotaError } from "../../model/errors.ts";
import { PLAIN_PLANS, type ResultFormat, type SqlEngine } from "./engine.ts";

/** The flag of `duckdb` for each format. */
const MODES: Readonly<Record<ResultFormat, string>> = { csv: "-csv", json: "-jsonlines", table: "-box" };

/**
 * Uses the command `duckdb`; undefined where it is not installed. Each call starts a new process, so what one call creates is
 * handed on to the next one as statements.
 */
export async function openDuckDbCommand(signal: AbortSignal): Promise<SqlEngine | undefined> {
  const isInstalled = await text(["-version"], signal).then(
    () => true,
    () => false,
  );
  if (!isInstalled) return undefined;
  const setup: string[] = [];
  const script = (sql: string) => [...setup, sql].join(";\n");
  return {
    async define(statements) {
      setup.push(...statements);
    },
    async rows(sql) {
      const json = await text([...QUIET, "-json", "-c", script(sql)], signal);
      return json.trim() === "" ? [] : JSON.parse(json);
    },
    async explain(query) {
      // The plan is printed below a title.
      const plan = await text(
        [...QUIET, "-c", script(`${PLAIN_PLANS};\nEXPLAIN (FORMAT json) ${query}`)],
        signal,
      );
      return plan.slice(plan.search(/^\[/m));
    },
    print: (sql, format, header) =>
      output([...QUIET, MODES[format], ...(header ? [] : ["-noheader"]), "-c", script(sql)], signal),
    async close() {},
  };
}

/** Neither the settings of the user nor what was done before change the output. */
const QUIET = ["-init", process.platform === "win32" ? "NUL" : "/dev/null", "-bail", "-nullvalue", ""];

async function text(args: readonly string[], signal: AbortSignal): Promise<string> {
  let all = "";
  for await (const part of output(args, signal)) all += part;
  return all;
}

/** Yields what `duckdb` prints. @throws `invalid-argument` with what it says on standard error, if it fails */
async function* output(args: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  const child = spawn("duckdb", args, { signal, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    errors += part;
  });
  const ended = once(child, "close"); // rejects where it cannot be started
  ended.catch(() => undefined);
  for await (const part of child.stdout.setEncoding("utf8")) yield String(part);
  const [code] = await ended;
  if (code !== 0)
    throw new LakotaError("invalid-argument", errors.trim() || `duckdb ended with code ${code}.`);
}
