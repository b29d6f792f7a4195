import { syncCommand } from "./sync-command.ts";

export const push = syncCommand("push", "Copy to another repo what it lacks", [
  { command: "lakota push s3://bucket/weather", about: "publish what was written here" },
  {
    command: "lakota -r s3://bucket/weather push backup temperature",
    about: "one collection, into a folder",
  },
]);
