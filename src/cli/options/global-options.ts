import type { OptionTable, Values } from "./options.ts";
import { seconds } from "./values.ts";

/** Options of every verb, accepted before and after its name. */
export const GLOBAL_OPTIONS = {
  repo: {
    short: "r",
    value: "URI",
    many: true,
    about:
      "the repo: the name of a remote (see `lakota remote`), a folder, s3://bucket/prefix, https://host/folder, … Several are stacked, the nearest first. Default: LAKOTA_REPO, else .lakota",
    completes: "repo",
  },
  token: {
    value: "TOKEN",
    about:
      "token for writing to a `lakota serve --writable`: to the repo, or to the target of a push. LAKOTA_TOKEN does the same without showing it in the process list",
  },
  timeout: {
    value: "SECONDS",
    parse: seconds,
    about:
      "seconds without a byte from the server after which a request is sent again; 0: no limit. Default: 10 until the response begins, then 20",
  },
  "allow-unverified": {
    about:
      "also use times written by Python Lakota that cannot be verified and are not plausible: they may be damaged",
  },
  json: { about: "print JSON instead of text" },
  pretty: { short: "P", about: "print aligned tables with units" },
  quiet: { short: "q", about: "print no progress and no report" },
  verbose: { short: "v", about: "print the stack trace of errors" },
  help: { short: "h", about: "show the help of a verb" },
  version: { about: "print the version" },
} as const satisfies OptionTable;

export type GlobalValues = Values<typeof GLOBAL_OPTIONS>;
