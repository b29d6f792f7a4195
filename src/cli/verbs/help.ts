import { defineCommand } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { helpText, overviewText } from "../parsing/help-text.ts";
import { find, unknownVerb } from "../parsing/parse.ts";

export const help = defineCommand({
  name: "help",
  summary: "Explain a verb",
  arguments: [
    {
      name: "VERB",
      about: "the verb to explain. Default: list all verbs",
      optional: true,
      completes: "verb",
    },
  ],
  examples: [{ command: "lakota help read", about: "" }],
  async run(context, [verb]) {
    const command = verb === undefined ? undefined : find(context.commands, verb);
    if (verb !== undefined && !command) throw new UsageError(unknownVerb(context.commands, verb));
    await context.out.write(command ? helpText(command) : overviewText(context.commands));
    return 0;
  },
});
