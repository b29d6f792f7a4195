import { defineCommand } from "../command.ts";
import { parseRepoUri } from "../repo-uri.ts";
import { reportSync, SYNC_ARGUMENTS, SYNC_OPTIONS, syncOptions } from "../sync.ts";

export const pull = defineCommand({
  name: "pull",
  summary: "Copy what this repo lacks from another one",
  description: [
    "Both histories stay: where both sides have moved on, readers see the heads of both until a write or `merge` joins them. " +
      "What was copied before an interruption is not copied again.",
  ],
  arguments: SYNC_ARGUMENTS,
  options: SYNC_OPTIONS,
  examples: [
    { command: "lakota pull s3://bucket/weather", about: "take a copy along, or bring it up to date" },
    {
      command: "lakota pull s3://bucket/weather temperature --shallow",
      about: "the newest state of one collection",
    },
  ],
  async run(context, [other, ...labels], { shallow }) {
    const repo = await context.repo();
    await reportSync(context, await repo.pull(parseRepoUri(other!), syncOptions(context, labels, shallow)));
    return 0;
  },
});
