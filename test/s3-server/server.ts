import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Faults } from "./faults.ts";
import { Handler } from "./handler.ts";
import { type RequestRecord, type Stats, summarise } from "./log.ts";
import type { Objects } from "./objects.ts";
import type { S3Options } from "./options.ts";
import type { Link, Shape } from "./shape.ts";

export interface S3Server {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly objects: Objects;
  readonly faults: Faults;
  /** Requests since the start or the last `reset`. */
  readonly log: RequestRecord[];
  /** Network simulation; may be changed at any time. */
  shape: Shape;
  /** The simulated network, which other servers may share. */
  readonly link: Link;
  stats(): Stats;
  /** Clears the log. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts an S3 server for tests and demos on the loopback address: signatures are verified, CORS and
 * conditional writes work as on S3, and faults can be injected.
 *
 * @example
 * const s3 = await startS3({ keys: { id: "secret" } });
 * s3.objects.createBucket("data");
 */
export async function startS3(options: S3Options): Promise<S3Server> {
  const handler = new Handler(options);
  const server = createServer((request, response) => {
    handler.serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  // By default Node closes a connection that was idle for five seconds, which a client on a busy machine may just then use.
  server.keepAliveTimeout = 0;
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    objects: handler.objects,
    faults: handler.faults,
    log: handler.log,
    link: handler.link,
    get shape() {
      return handler.link.shape;
    },
    set shape(shape) {
      handler.link.shape = shape;
    },
    stats: () => summarise(handler.log),
    reset: () => {
      handler.log.length = 0;
    },
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
