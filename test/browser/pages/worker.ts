import { AwsClient } from "aws4fetch";
import type { Collection, ConnectOptions, Frame, Repo, Series } from "lakota";
import { lakotaFrom } from "./dist.ts";

/** Steps that the tests run in the page. They leave their results in `window` for the next step. */
const steps = {
  lakota: await lakotaFrom("/dist/index.js"),
  /** Workers that {@link fragileWorker} has started. */
  started: [] as Worker[],

  /** Opens series "s" of collection "c". */
  async openSeries(uri: string, options: ConnectOptions): Promise<void> {
    window.repo = await steps.lakota.connect(uri, options);
    window.collection = await window.repo.collection("c");
    window.series = window.collection.series("s");
  },

  /** Creates that series in memory, with 100 rows. */
  async openMemory(options: ConnectOptions): Promise<void> {
    const { connect, Schema } = steps.lakota;
    window.repo = await connect("memory://", options);
    window.collection = await window.repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
    window.series = window.collection.series("s");
    const t = Array.from({ length: 100 }, (_, row) => row);
    await window.series.write({ t, x: t });
  },

  /** Starts an engine's worker that {@link crash} can crash. */
  fragileWorker(): Worker {
    const script = `
      import "${location.origin}/dist/worker.js";
      addEventListener("message", ({ data }) => { if (data === "crash") throw new Error("on purpose"); });`;
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const worker = new Worker(url, { type: "module" });
    steps.started.push(worker);
    return worker;
  },

  crash(): void {
    steps.started.at(-1)?.postMessage("crash");
  },

  /** Returns the outcome of a call in one line. */
  async outcome(call: Promise<unknown>): Promise<string> {
    try {
      const result = await call;
      return result instanceof steps.lakota.Frame ? `${result.length} rows` : String(result);
    } catch (error) {
      return error instanceof steps.lakota.LakotaError ? `${error.code}: ${error.message}` : String(error);
    }
  },

  /** Signs a request, as an app's server would. */
  async presign(request: Request): Promise<Request> {
    const client = new AwsClient({
      accessKeyId: "id",
      secretAccessKey: "secret",
      service: "s3",
      region: "us-east-1",
    });
    // The body is not known here; S3 accepts this value instead of its hash.
    if (request.method === "PUT") request.headers.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    return client.sign(request, { aws: { signQuery: true } });
  },

  /**
   * With lakota from `index`: writes chunks that are large enough for a decoder, and reads them once, or
   * until a decoder got a task, or until the repo warned.
   */
  async readLarge(
    index: string,
    until: "once" | "decoding" | "warned",
    options: ConnectOptions = {},
  ): Promise<{ wrong: number; warnings: string[] }> {
    const rows = 300_000;
    const { connect, Schema } = await lakotaFrom(index);
    const warnings: string[] = [];
    let decoding = false;
    new BroadcastChannel("decoding").onmessage = () => {
      decoding = true;
    };
    const repo = await connect("memory://", { ...options, onWarning: (text) => warnings.push(text) });
    const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
    const series = collection.series("s");
    const t = BigInt64Array.from({ length: rows }, (_, row) => BigInt(row) ** 2n);
    await series.write({ t, x: Float64Array.from({ length: rows }, (_, row) => Math.sin(row)) });
    const done = () => ({ once: true, decoding, warned: warnings.length > 0 })[until];
    let wrong: number;
    do {
      const frame = await series.read();
      const [times, x] = [frame.get("t"), frame.numbers("x")];
      wrong = t.reduce(
        (sum, value, row) => sum + Number(times[row] !== value || x[row] !== Math.sin(row)),
        0,
      );
    } while (!done() && wrong === 0);
    repo.close();
    return { wrong, warnings };
  },
};

declare global {
  interface Window {
    steps: typeof steps;
    repo: Repo;
    collection: Collection;
    series: Series;
    pages: AsyncIterableIterator<Frame>;
    controller: AbortController;
    pending: Promise<string>;
  }
}
window.steps = steps;
