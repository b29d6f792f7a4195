import { LakotaError } from "./errors.ts";

/** Returns a valid label of a series. @throws `invalid-argument` */
export function checkLabel(label: string): string {
  if (typeof label === "string" && label !== "") return label;
  throw new LakotaError("invalid-argument", "The label of a series must be a non-empty text.");
}
