import type { SyncOptions, SyncReport } from "../model/api.ts";
import type { Argument, OptionTable } from "./command.ts";
import type { Context } from "./context.ts";
import { bytesText, countText, plural } from "./units.ts";

/** What push and pull have in common. */
export const SYNC_ARGUMENTS: readonly Argument[] = [
  { name: "REPO", about: "the other repo: what --repo takes", completes: "folder" },
  {
    name: "COLLECTION",
    about: "only these, in full. Default: all",
    optional: true,
    many: true,
    completes: "collection",
  },
];

export const SYNC_OPTIONS = {
  shallow: { short: "s", about: "only what the newest state needs, without the history's chunks" },
} as const satisfies OptionTable;

export function syncOptions(
  { signal, progress }: Context,
  labels: readonly string[],
  shallow: boolean | undefined,
): SyncOptions {
  return {
    signal,
    ...(labels.length > 0 && { labels }),
    ...(shallow && { shallow }),
    onProgress: ({ files, totalFiles, bytes, label }) =>
      progress.show(
        () => `${label}: ${countText(files)} of ${plural(totalFiles, "file")}, ${bytesText(bytes)}`,
      ),
  };
}

export async function reportSync(context: Context, { collections }: SyncReport): Promise<void> {
  context.progress.clear();
  const came = collections.filter(({ revisions }) => revisions > 0);
  const lines = came.map(
    ({ label, revisions, chunks, bytes }) =>
      `${label}: ${plural(revisions, "revision")}, ${plural(chunks, "chunk")}, ${bytesText(bytes)}.`,
  );
  await context.report({ collections }, came.length > 0 ? lines : "Nothing new.");
}
