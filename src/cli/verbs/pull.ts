import { syncCommand } from "./sync-command.ts";

export const pull = syncCommand("pull", "Copy missing data from another repo into this one", [
  { command: "lakota pull s3://bucket/weather", about: "make a copy, or bring it up to date" },
  {
    command: "lakota pull s3://bucket/weather temperature --shallow",
    about: "the newest state of one collection",
  },
]);
