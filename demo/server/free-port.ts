import { createServer } from "node:net";

/** Number of consecutive ports that are tried. */
const ATTEMPTS = 50;

/**
 * Returns the first free port of 127.0.0.1, from `first` on. `onTaken` is called with each port that is in
 * use.
 *
 * @throws Error if none of {@link ATTEMPTS} ports is free
 */
export async function findFreePort(first: number, onTaken: (port: number) => void): Promise<number> {
  for (let port = first; port < first + ATTEMPTS && port < 65_536; port++) {
    if (await isFree(port)) return port;
    onTaken(port);
  }
  throw new Error(`No port from ${first} to ${first + ATTEMPTS - 1} is free. Choose another one.`);
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
