import type { Context } from "../context.ts";

/**
 * Runs a write. If it fails, says that the collection which was created for it remains: it is not deleted, because
 * others may have written to it meanwhile.
 *
 * @param isCreated returns whether the collection exists, and did not before this command
 */
export async function firstWrite<T>(
  context: Context,
  label: string,
  work: () => Promise<T>,
  isCreated: () => Promise<boolean>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    context.progress.clear();
    if (await isCreated().catch(() => false)) {
      context.warn(
        `The collection "${label}" was created before this failed, and remains: others may have written to it. ` +
          `If it is of no use, remove it with \`lakota delete '${label}'\`.`,
      );
    }
    throw error;
  }
}
