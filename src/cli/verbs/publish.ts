import { defineCommand } from "../command.ts";
import type { OptionTable } from "../options/options.ts";
import { UsageError } from "../options/usage-error.ts";
import { bytesText, countText, plural } from "../output/units.ts";
import { existingRepo } from "../targets/existing-repo.ts";

const OPTIONS = {
  overviews: {
    about: "also make overviews, from which charts of long series are drawn without reading them",
  },
  "no-overviews": { about: "make none, and no longer expect those that there are" },
} as const satisfies OptionTable;

export const publish = defineCommand({
  name: "publish",
  summary: "Write an index, so that any web host can serve the repo",
  description: [
    "A plain web host cannot list its files. The index (`lakota/index/v2/index.json` in the repo) lists all revisions and contains the newest ones. " +
      "Copy the folder to any host, and `https://host/folder` is a repo. From then on every write by this library updates the index; after writes by Python, publish again.",
    "Overviews take about 1 % of the bytes of the chunks. Once a repo is published with them, every write by this library makes those that are new; " +
      "a later `publish` keeps that setting, and `gc` deletes the overviews of earlier states.",
  ],
  options: OPTIONS,
  examples: [
    { command: "lakota publish", about: "then copy the repo to a host" },
    { command: "lakota publish --overviews", about: "so that charts of long series appear at once" },
  ],
  async run(context, _, { overviews, "no-overviews": none }) {
    if (overviews && none) throw new UsageError("--overviews and --no-overviews exclude each other.");
    const repo = await existingRepo(context);
    const report = await repo.publish({
      signal: context.signal,
      ...((overviews || none) && { overviews: overviews === true }),
      onProgress: ({ files, totalFiles, bytes, label }) =>
        context.progress.show(
          () => `${label}: ${countText(files)} of ${plural(totalFiles, "overview")}, ${bytesText(bytes)}`,
        ),
    });
    context.progress.clear();
    const { path, bytes, collections, revisions, overviews: made } = report;
    const what = `${plural(collections, "collection")}, ${plural(revisions, "revision")}`;
    const lines = [`Wrote ${path}: ${what}, ${bytesText(bytes)}.`];
    if (made) lines.push(`Made ${plural(made.files, "overview")}, ${bytesText(made.bytes)}.`);
    await context.report(report, lines);
    return 0;
  },
});
