import { LakotaError } from "../../model/errors.ts";

/** Returns the error for a label that another collection has. */
export const nameTaken = (label: string): LakotaError =>
  new LakotaError("exists", `A collection "${label}" exists already.`);
