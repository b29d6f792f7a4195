import type { Repo } from "lakota";
import { operations } from "../../reliability/operations.ts";
import { lakotaFrom } from "./dist.ts";

const { connect, LakotaError } = await lakotaFrom("/dist/index.js");

export interface RunRequest {
  operation: string;
  bucket: string;
  endpoint: string;
  /** Whether IndexedDB never opens a database. */
  blocked: boolean;
}

/** The outcome of an operation: what it returned, as JSON, or the code and message of its error. */
export type RunResult = { answer: string } | { code: string; message: string };

let worker: Worker | undefined;
let repo: Repo | undefined;

/** Starts the engine's worker, in which {@link run} can make IndexedDB fail and {@link reliability.crash} an error. */
function startWorker(blocked: boolean): Worker {
  const script = `
    import "${location.origin}/dist/worker.js";
    ${blocked ? "IDBFactory.prototype.open = () => new EventTarget();" : ""}
    addEventListener("message", ({ data }) => { if (data === "crash") throw new Error("on purpose"); });`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  worker = new Worker(url, { type: "module" });
  return worker;
}

async function outcomeOf(call: () => Promise<unknown>): Promise<RunResult> {
  try {
    return { answer: JSON.stringify((await call()) ?? null) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: error instanceof LakotaError ? error.code : "not a LakotaError", message };
  }
}

const reliability = {
  run({ operation, bucket, endpoint, blocked }: RunRequest): Promise<RunResult> {
    return outcomeOf(async () => {
      repo = await connect(`s3://${bucket}/repo`, {
        endpoint,
        credentials: { accessKeyId: "id", secretAccessKey: "secret" },
        retries: 1,
        timeout: 10_000, // not reached: the busy machine of a test may take seconds
        worker: () => startWorker(blocked),
        onWarning: () => {},
      });
      const { run } = operations.find(({ name }) => name === operation)!;
      return run({ repo, other: `s3://${bucket}/other`, disconnect: () => window.disconnect(bucket) });
    });
  },

  /** Uses the same repo again, after the fault. */
  again: (): Promise<RunResult> => outcomeOf(async () => repo?.ls()),

  crash(): void {
    worker?.postMessage("crash");
  },

  /** Deletes the databases of the page's origin, as the user can. */
  async loseDatabases(): Promise<void> {
    for (const { name } of await indexedDB.databases()) {
      await new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(name!);
        request.onsuccess = resolve;
        request.onerror = resolve;
      });
    }
  },

  close(): void {
    repo?.close();
  },
};

declare global {
  interface Window {
    reliability: typeof reliability;
    /** Ends the network between the page and a bucket. */
    disconnect: (bucket: string) => Promise<void>;
  }
}
window.reliability = reliability;
