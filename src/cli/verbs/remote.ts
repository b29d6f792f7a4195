import { defineCommand } from "../command.ts";
import { configPath } from "../config/config-file.ts";
import { addRemote, listRemotes, type Remote, removeRemote } from "../config/remotes.ts";
import type { Context } from "../context.ts";
import { UsageError } from "../options/usage-error.ts";

const ACTIONS = ["add", "list", "remove", "rm"] as const;

export const remote = defineCommand({
  name: "remote",
  summary: "Give repos names, for --repo, pull, push and status",
  description: [
    "`add` stores an address under a name of letters, digits, - and _; several addresses form a stack, the nearest first. From then on the name stands for it wherever a repo is named. " +
      "A folder that is called like a remote is written `./NAME`.",
    "Names are kept in `lakota/config.json` in `$XDG_CONFIG_HOME`, else in `~/.config` (on Windows in `%APPDATA%`). The file holds no secrets: addresses with a login or a signature are refused; keys and tokens come from the environment.",
  ],
  arguments: [
    { name: "ACTION", about: `${ACTIONS.join(", ")}. Default: list`, optional: true, completes: ACTIONS },
    { name: "NAME", about: "name of the remote", optional: true, completes: "remote" },
    {
      name: "URI",
      about: "its address: a folder, s3://bucket/prefix, https://host/folder",
      optional: true,
      many: true,
      completes: "folder",
    },
  ],
  examples: [
    {
      command: "lakota remote add prod s3://bucket/weather",
      about: "then `lakota -r prod ls`, `lakota push prod`",
    },
    {
      command: "lakota remote add cached ~/cache s3://bucket/weather",
      about: "a bucket, cached in a folder",
    },
    { command: "lakota remote list", about: "which names there are" },
    { command: "lakota remote remove prod", about: "forget the name; the repo stays as it is" },
  ],
  async run(context, [action = "list", name, ...uris]) {
    switch (action) {
      case "list":
        if (name !== undefined) throw new UsageError(`remote list takes no argument "${name}".`);
        await list(context);
        return 0;
      case "add": {
        if (name === undefined || uris.length === 0) throw new UsageError("remote add needs NAME and URI.");
        const added = await addRemote(name, uris);
        await context.report(toRow(added), `Added ${added.name}: ${added.uris.join(" ")}.`);
        return 0;
      }
      case "remove":
      case "rm": {
        if (name === undefined) throw new UsageError("remote remove needs NAME.");
        if (uris.length > 0) throw new UsageError(`remote remove takes no argument "${uris[0]}".`);
        const removed = await removeRemote(name);
        await context.report(
          toRow(removed),
          `Removed ${removed.name}: ${removed.uris.join(" ")}. The repo is still there.`,
        );
        return 0;
      }
      default:
        throw new UsageError(`"${action}" is not one of ${ACTIONS.join(", ")}.`);
    }
  },
});

const toRow = ({ name, uris }: Remote) => ({ name, uris });

async function list(context: Context): Promise<void> {
  const rows = (await listRemotes()).map(toRow);
  if (rows.length === 0 && context.out.isTerminal && !context.globals.json)
    return context.report([], `There are no remotes in ${configPath()}.`);
  await context.table([{ name: "name" }, { name: "uris" }], rows);
}
