/** `npm start [-- --port 5190 --s3-port 9000]` */
import { parseArgs } from "node:util";
import { serveDemo } from "./server/serve.ts";

const USAGE = "Usage: npm start -- [--port 5190] [--s3-port 9000]";

function parsePort(name: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`--${name}: "${text}" is not a port. ${USAGE}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "5190" },
      "s3-port": { type: "string", default: "9000" },
    },
  });
  const demo = await serveDemo({
    port: parsePort("port", values.port),
    s3Port: parsePort("s3-port", values["s3-port"]),
    log: console.log,
  });
  console.log(`\n  The demo is at ${demo.url}\n\n  Press Ctrl-C to stop it.`);
  const stop = () => {
    process.once("SIGINT", () => process.exit(130)); // a second Ctrl-C does not wait
    demo.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

main().catch(fail);
