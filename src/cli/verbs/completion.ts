import { defineCommand } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { completionScript, SHELLS } from "../parsing/completion.ts";

export const completion = defineCommand({
  name: "completion",
  summary: "Print a shell script that completes verbs, options, collections and series",
  arguments: [{ name: "SHELL", about: SHELLS.join(", "), completes: SHELLS }],
  examples: [
    {
      command: 'eval "$(lakota completion bash)"',
      about: "this shell; put it into ~/.bashrc for all shells",
    },
    { command: 'lakota completion zsh > "$' + "{fpath[1]}" + '/_lakota"', about: "zsh" },
    { command: "lakota completion fish > ~/.config/fish/completions/lakota.fish", about: "fish" },
  ],
  async run(context, [name]) {
    const shell = SHELLS.find((known) => known === name);
    if (!shell) throw new UsageError(`"${name}" is not one of ${SHELLS.join(", ")}.`);
    await context.out.write(completionScript(shell));
    return 0;
  },
});
