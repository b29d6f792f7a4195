import { defineCommand } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { completionScript, SHELLS } from "../parsing/completion.ts";

export const completion = defineCommand({
  name: "completion",
  summary: "Print a script that teaches the shell to complete verbs, options, collections and series",
  arguments: [{ name: "SHELL", about: SHELLS.join(", "), completes: SHELLS }],
  examples: [
    { command: 'eval "$(lakota completion bash)"', about: "for this shell; in ~/.bashrc, for all" },
    { command: 'lakota completion zsh > "$' + "{fpath[1]}" + '/_lakota"', about: "zsh" },
    { command: "lakota completion fish > ~/.config/fish/completions/lakota.fish", about: "fish" },
  ],
  async run(context, [name]) {
    const shell = SHELLS.find((one) => one === name);
    if (!shell) throw new UsageError(`"${name}" is none of ${SHELLS.join(", ")}.`);
    await context.out.write(completionScript(shell));
    return 0;
  },
});
