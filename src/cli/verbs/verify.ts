import type { Problem, VerifyReport } from "../../model/api/maintenance.ts";
import { defineCommand } from "../command.ts";
import { safeText } from "../output/safe-text.ts";
import { bytesText, countText, plural } from "../output/units.ts";
import { existingRepo } from "../targets/existing-repo.ts";

export const verify = defineCommand({
  name: "verify",
  summary: "Read all revisions and chunks, and report what is missing, corrupt or unverified",
  description: [
    "Reads every revision of the registry and of all collections and compares it with its name, every chunk that they refer to with its digest, and every overview with the rows that it summarises. " +
      "Changes nothing. Prints one line for each problem, with its kind and its file; the exit code is then 1.",
    "Python Lakota stores some times with a digest of other bytes, so that they cannot be verified. Chunks of which reads return the rows, " +
      "with a warning, are listed as `unverified` and are no problem; those that reads refuse are one, except with `--allow-unverified`.",
  ],
  arguments: [
    {
      name: "COLLECTION",
      about: "full names of collections, checked along with the registry. Default: all",
      optional: true,
      many: true,
      completes: "collection",
    },
  ],
  examples: [
    { command: "lakota verify", about: "check everything" },
    {
      command: "lakota verify --json | jq -r '.problems[].path'",
      about: "the files to restore from a backup",
    },
  ],
  async run(context, labels) {
    const repo = await existingRepo(context);
    const report = await repo.verify({
      signal: context.signal,
      ...(labels.length > 0 && { labels }),
      onProgress: ({ label, files, totalFiles, bytes, problems }) =>
        context.progress.show(
          () =>
            `${label}: ${countText(files)} of ${plural(totalFiles, "file")}, ${bytesText(bytes)}, ${plural(problems, "problem")}`,
        ),
    });
    context.progress.clear();
    const { problems, unverified } = report;
    const listed = [...problems, ...unverified];
    if (context.isPretty && !context.globals.json && listed.length > 0)
      await context.table(COLUMNS, listed.map(toRow));
    else if (!context.globals.json) for (const problem of listed) await context.out.line(lineOf(problem));
    await context.report(report, summary(report));
    return problems.length > 0 ? 1 : 0;
  },
});

const COLUMNS = ["kind", "path", "message"].map((name) => ({ name }));
const toRow = ({ kind, path, message }: Problem) => ({ kind, path, message });
const lineOf = ({ kind, path, message }: Problem) => `${kind}\t${path}\t${safeText(message)}`;

function summary(report: VerifyReport): string {
  const { problems, unverified, collections, revisions, chunks, overviews, bytes, unchecked } = report;
  const found = problems.length === 0 ? "All is well" : plural(problems.length, "problem");
  const read = [
    plural(collections, "collection"),
    plural(revisions, "revision"),
    plural(chunks, "chunk"),
    ...(overviews > 0 ? [plural(overviews, "overview")] : []),
    bytesText(bytes),
  ];
  const rest = [
    unchecked > 0 ? ` ${plural(unchecked, "chunk")} could not be checked.` : "",
    unverified.length > 0
      ? ` ${plural(unverified.length, "chunk")} cannot be verified, but can be read.`
      : "",
  ];
  return `${found}: read ${read.join(", ")}.${rest.join("")}`;
}
