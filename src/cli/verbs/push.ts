import { defineCommand } from "../command.ts";
import { parseRepoUri } from "../repo-uri.ts";
import { reportSync, SYNC_ARGUMENTS, SYNC_OPTIONS, syncOptions } from "../sync.ts";

export const push = defineCommand({
  name: "push",
  summary: "Copy what another repo lacks to it",
  description: [
    "Both histories stay: where both sides have moved on, readers see the heads of both until a write or `merge` joins them. " +
      "What was copied before an interruption is not copied again.",
  ],
  arguments: SYNC_ARGUMENTS,
  options: SYNC_OPTIONS,
  examples: [
    { command: "lakota push s3://bucket/weather", about: "publish what was written here" },
    {
      command: "lakota -r s3://bucket/weather push backup temperature",
      about: "one collection, into a folder",
    },
  ],
  async run(context, [other, ...labels], { shallow }) {
    const repo = await context.repo();
    await reportSync(context, await repo.push(parseRepoUri(other!), syncOptions(context, labels, shallow)));
    return 0;
  },
});
