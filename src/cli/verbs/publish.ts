import { defineCommand } from "../command.ts";
import { bytesText, plural } from "../output/units.ts";

export const publish = defineCommand({
  name: "publish",
  summary: "Write an index, so that any web host can serve the repo",
  description: [
    "A plain web host cannot list its files. The index (`lakota/index/v2/index.json` in the repo) lists all revisions and contains the newest ones. " +
      "Copy the folder to any host, and `https://host/folder` is a repo. From then on every write by this library updates the index; after writes by Python, publish again.",
  ],
  examples: [{ command: "lakota publish", about: "then copy the repo to a host" }],
  async run(context) {
    const repo = await context.repo();
    const report = await repo.publish({ signal: context.signal });
    const { path, bytes, collections, revisions } = report;
    const what = `${plural(collections, "collection")}, ${plural(revisions, "revision")}`;
    await context.report(report, `Wrote ${path}: ${what}, ${bytesText(bytes)}.`);
    return 0;
  },
});
