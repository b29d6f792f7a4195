import type { DescriptionChange } from "../../model/api/description.ts";
import { LakotaError } from "../../model/errors.ts";

/**
 * Returns a description in JSON, as `lakota info --json` prints it. Its fields are checked when they are stored.
 *
 * @param where names the file in errors
 * @throws `invalid-argument` for what is no JSON object
 */
export function parseDescription(where: string, text: string): DescriptionChange {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LakotaError("invalid-argument", `${where} is not JSON: ${reason}`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new LakotaError(
    "invalid-argument",
    `${where} has no JSON object, such as {"title": "Share prices"}.`,
  );
}
