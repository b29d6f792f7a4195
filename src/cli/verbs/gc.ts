import { defineCommand } from "../command.ts";
import { DRY_RUN } from "../options/shared-options.ts";
import { wholeNumber } from "../options/values.ts";
import { bytesText, countText, plural } from "../output/units.ts";
import { existingRepo } from "../targets/existing-repo.ts";

export const gc = defineCommand({
  name: "gc",
  summary: "Free the chunks that no revision refers to",
  description: [
    "Works in two steps, so that concurrent writers lose nothing: unreferenced chunks are set aside, where readers still find them, " +
      "and a later run deletes those set aside for longer than the grace period. A write must not take longer than that.",
    "Overviews that no current state of a collection needs, and that are older than the grace period, are deleted too.",
  ],
  options: {
    grace: {
      value: "MINUTES",
      parse: wholeNumber,
      about: "how long a chunk is set aside before it may be deleted. Default: 10",
    },
    ...DRY_RUN,
  },
  examples: [
    { command: "lakota gc", about: "set aside now; run again after ten minutes to delete" },
    { command: "lakota gc --dry-run", about: "how much could be freed" },
  ],
  async run(context, _, { grace, "dry-run": dryRun = false }) {
    const repo = await existingRepo(context);
    const report = await repo.gc({
      dryRun,
      signal: context.signal,
      ...(grace !== undefined && { grace: grace * 60_000 }),
      onProgress: ({ done, total }) =>
        context.progress.show(() => `${countText(done)} of ${plural(total, "chunk")}`),
    });
    context.progress.clear();
    const part = ({ files, bytes }: { files: number; bytes: number }) =>
      `${countText(files)} (${bytesText(bytes)})`;
    const { deleted, setAside, restored, kept, overviews } = report;
    const done = dryRun ? "Would delete" : "Deleted";
    const chunks = `${done} ${part(deleted)}, set aside ${part(setAside)}, restored ${part(restored)}, kept ${countText(kept)} chunks.`;
    const old =
      overviews.files > 0
        ? ` ${done} ${plural(overviews.files, "overview")} (${bytesText(overviews.bytes)}).`
        : "";
    await context.report({ ...report, dryRun }, chunks + old);
    return 0;
  },
});
