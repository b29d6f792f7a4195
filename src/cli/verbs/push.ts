import { syncCommand } from "./sync-command.ts";

export const push = syncCommand("push", "Copy missing data from this repo to another one", [
  { command: "lakota push s3://bucket/weather", about: "share what was written here" },
  {
    command: "lakota -r s3://bucket/weather push ./backup temperature",
    about: "one collection, into a folder",
  },
]);
