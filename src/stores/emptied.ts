import { LakotaError } from "../model/errors.ts";

/** Returns the error of calls of a store that was cleared after it was opened. */
export const emptied = (uri: string): LakotaError =>
  new LakotaError(
    "closed",
    `${uri} was emptied by forget() after it was opened. Open the repo again to use it.`,
  );
