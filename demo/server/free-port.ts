import { createServer } from "node:net";

/** How many ports in a row are tried. */
const ATTEMPTS = 50;

/**
 * The first free port of 127.0.0.1, from `wanted` upwards; `taken` is told of each that is not.
 *
 * @throws where no port of the next {@link ATTEMPTS} is free.
 */
export async function findFreePort(wanted: number, taken: (port: number) => void): Promise<number> {
  for (let port = wanted; port < wanted + ATTEMPTS && port < 65_536; port++) {
    if (await isFree(port)) return port;
    taken(port);
  }
  throw new Error(`No port from ${wanted} to ${wanted + ATTEMPTS - 1} is free. Choose another one.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
