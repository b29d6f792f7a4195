import type { SyncOptions, SyncReport } from "../model/api.ts";
import { type Argument, type Command, defineCommand, type Example, type OptionTable } from "./command.ts";
import type { Context } from "./context.ts";
import { parseRepoUri } from "./repo-uri.ts";
import { bytesText, countText, plural } from "./units.ts";

const ARGUMENTS: readonly Argument[] = [
  { name: "REPO", about: "the other repo: what --repo takes", completes: "folder" },
  {
    name: "COLLECTION",
    about: "only these, in full. Default: all",
    optional: true,
    many: true,
    completes: "collection",
  },
];

const OPTIONS = {
  shallow: { short: "s", about: "only what the newest state needs, without the history's chunks" },
} as const satisfies OptionTable;

/** The verbs push and pull differ in their direction alone. */
export function syncCommand(name: "push" | "pull", summary: string, examples: readonly Example[]): Command {
  return defineCommand({
    name,
    summary,
    description: [
      "Both histories stay: where both sides have moved on, readers see the heads of both until a write or `merge` joins them. " +
        "What was copied before an interruption is not copied again.",
    ],
    arguments: ARGUMENTS,
    options: OPTIONS,
    examples,
    async run(context, [other, ...labels], { shallow }) {
      const repo = await context.repo();
      const options = syncOptions(context, labels, shallow);
      await reportSync(context, await repo[name](parseRepoUri(other!), options));
      return 0;
    },
  });
}

function syncOptions(
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

async function reportSync(context: Context, { collections }: SyncReport): Promise<void> {
  context.progress.clear();
  const came = collections.filter(({ revisions }) => revisions > 0);
  const lines = came.map(
    ({ label, revisions, chunks, bytes }) =>
      `${label}: ${plural(revisions, "revision")}, ${plural(chunks, "chunk")}, ${bytesText(bytes)}.`,
  );
  await context.report({ collections }, came.length > 0 ? lines : "Nothing new.");
}
