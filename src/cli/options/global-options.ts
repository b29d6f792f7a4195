import type { OptionTable, Values } from "./options.ts";

/** What every verb understands, before its name or after. */
export const GLOBAL_OPTIONS = {
  repo: {
    short: "r",
    value: "URI",
    many: true,
    about:
      "the repo: a folder, s3://bucket/prefix, https://host/folder, … Several are stacked, the nearest first. Default: LAKOTA_REPO, else .lakota",
    completes: "folder",
  },
  token: {
    value: "TOKEN",
    about:
      "what a `lakota serve --writable` asks of those who write to it: the repo, or the one that is pushed to. LAKOTA_TOKEN says it too, unseen by other users",
  },
  json: { about: "print JSON instead of text" },
  pretty: { short: "P", about: "print aligned tables, with units" },
  quiet: { short: "q", about: "no progress, and no word on what was done" },
  verbose: { short: "v", about: "with an error, also where it came from" },
  help: { short: "h", about: "what a verb does, and how" },
  version: { about: "print the version" },
} as const satisfies OptionTable;

export type GlobalValues = Values<typeof GLOBAL_OPTIONS>;
