import { syncCommand } from "./sync-command.ts";

export const pull = syncCommand("pull", "Copy what this repo lacks from another one", [
  { command: "lakota pull s3://bucket/weather", about: "take a copy along, or bring it up to date" },
  {
    command: "lakota pull s3://bucket/weather temperature --shallow",
    about: "the newest state of one collection",
  },
]);
