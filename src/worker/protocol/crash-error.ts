import { LakotaError } from "../../model/errors.ts";

/** Returns the error for an `error` or `messageerror` event of the engine's worker. */
export function crashError(event: Event): LakotaError {
  const message = event instanceof ErrorEvent && event.message;
  if (message) {
    const where = event.filename ? ` (${event.filename}:${event.lineno})` : "";
    return crashed(`The repo's worker crashed: ${message}${where}. The next call starts a new one.`);
  }
  if (event.type === "messageerror")
    return crashed("A message from the repo's worker could not be read. The next call starts a new one.");
  return crashed("The repo's worker could not be started.");
}

const crashed = (message: string) => new LakotaError("crashed", message);
