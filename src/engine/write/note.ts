import type { CommitMetadata } from "../../changelog/commit.ts";
import type { Note } from "../../model/api/options.ts";
import { LakotaError } from "../../model/errors.ts";

/**
 * Returns a note as commit metadata.
 *
 * @throws `invalid-argument` for an author or a message that is not text
 */
export function checkNote(note: Note | undefined): CommitMetadata {
  const { author, message } = note ?? {};
  for (const [name, value] of Object.entries({ author, message })) {
    if (value !== undefined && typeof value !== "string")
      throw new LakotaError("invalid-argument", `note.${name} must be text.`);
  }
  return { author, message };
}
