import { readFileSync, writeFileSync } from "node:fs";
import { commands } from "../src/cli/commands.ts";
import { GLOBAL_OPTIONS } from "../src/cli/options/global-options.ts";
import type { OptionTable } from "../src/cli/options/options.ts";
import type { Argument, CommandSpec } from "../src/cli/parsing/command-spec.ts";
import { argumentText, optionText, usageLine } from "../src/cli/parsing/help-text.ts";

/** Generates the reference of verbs in docs/cli.md. With --check, fails if the file is not current. */
const FILE = "docs/cli.md";
const documented = commands.filter(({ hidden }) => !hidden);

const cell = (text: string) => text.replaceAll("|", "\\|");
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");

const argumentRows = (args: readonly Argument[]) =>
  args.map((argument) => [`\`${argumentText(argument)}\``, argument.about]);
const optionRows = (options: OptionTable) =>
  Object.entries(options).map(([name, option]) => [`\`${optionText(name, option)}\``, option.about]);

function verbSection(command: CommandSpec): string {
  const {
    name,
    also = [],
    summary,
    description = [],
    arguments: args = [],
    options = {},
    examples,
  } = command;
  return [
    `## ${name}`,
    `${summary}.${also.length > 0 ? ` Also called ${also.map((alias) => `\`${alias}\``).join(", ")}.` : ""}`,
    `\`\`\`sh\n${usageLine(command)}\n\`\`\``,
    ...description,
    args.length > 0 && table(["argument", "meaning"], argumentRows(args)),
    Object.keys(options).length > 0 && table(["option", "meaning"], optionRows(options)),
    examples.some(({ about }) => about) &&
      `\`\`\`sh\n${examples.map(({ command, about }) => `${command} # ${about}`).join("\n")}\n\`\`\``,
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Separates the handwritten introduction from the generated reference. */
const MARK = "<!-- Generated from here on by `npm run cli-docs`, from the verbs in src/cli/. -->";

const current = readFileSync(FILE, "utf8");
const intro = current.split(MARK, 1)[0]!.trimEnd();
const text = `${[
  intro,
  MARK,
  "## Options of every verb",
  table(["option", "meaning"], optionRows(GLOBAL_OPTIONS)),
  table(
    ["verb", "what it does"],
    documented.map(({ name, summary }) => [`[\`${name}\`](#${name})`, summary]),
  ),
  ...documented.map(verbSection),
].join("\n\n")}\n`;

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (current !== text) {
  console.error(`${FILE} is not current: run \`npm run cli-docs\``);
  process.exitCode = 1;
}
