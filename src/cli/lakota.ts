#!/usr/bin/env node
/** Entry point of the command `lakota`, the package's `bin`. */

import { LakotaError } from "../model/errors.ts";
import { type Interruption, run } from "./run.ts";

const INTERRUPTED = 130;
const TERMINATED = 143;

/** Aborts the command at the first SIGINT or SIGTERM, and exits at once at the second. */
function listenForSignals(): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  const end = (value: number) => () => {
    if (code !== undefined) process.exit(value);
    code = value;
    controller.abort(new LakotaError("aborted", "Interrupted."));
  };
  process.on("SIGINT", end(INTERRUPTED));
  process.on("SIGTERM", end(TERMINATED));
  return { signal: controller.signal, code: () => code };
}

run(process.argv.slice(2), process, listenForSignals()).then((code) => process.exit(code));
