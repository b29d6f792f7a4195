import { GLOBAL_OPTIONS } from "../options/global-options.ts";
import type { Completion, OptionTable } from "../options/options.ts";
import type { CommandSpec } from "./command-spec.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A script that teaches a shell to complete `lakota`. It knows nothing itself: it hands the words to `lakota complete`,
 * so it need not be made anew when verbs change.
 */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# lakota completion bash >> ~/.bashrc
_lakota() {
  local word line
  word="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :files) compopt -o default 2>/dev/null; return ;;
      :folders) compopt -o dirnames 2>/dev/null; return ;;
    esac
    [[ "$line" == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done < <(lakota complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _lakota lakota
`,
  zsh: `#compdef lakota
# lakota completion zsh > "\${fpath[1]}/_lakota"
_lakota() {
  local -a lines
  lines=("\${(@f)$(lakota complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case "$lines[1]" in
    :files) _files ;;
    :folders) _files -/ ;;
    *) compadd -a lines ;;
  esac
}
compdef _lakota lakota
`,
  fish: `# lakota completion fish > ~/.config/fish/completions/lakota.fish
function __lakota
  set -l words (commandline -opc) (commandline -ct)
  for line in (lakota complete -- $words[2..-1] 2>/dev/null)
    switch $line
      case :files
        __fish_complete_path (commandline -ct)
      case :folders
        __fish_complete_directories (commandline -ct)
      case '*'
        echo $line
    end
  end
end
complete -c lakota -f -a '(__lakota)'
`,
};

/** What may stand for the last of some words. */
export interface Offer {
  /** Words as they are; or what has to be looked up. */
  readonly words?: readonly string[];
  readonly lookUp?: Exclude<Completion, "verb" | readonly string[]>;
}

/** @param words what was typed after `lakota`, the last one unfinished, maybe empty */
export function offer(words: readonly string[], commands: readonly CommandSpec[]): Offer {
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const { command, positionals, open } = walk(before, commands);
  const options: OptionTable = { ...GLOBAL_OPTIONS, ...command?.options };
  if (open !== undefined) return toOffer(options[open]?.completes, commands);
  if (last.startsWith("-")) return { words: Object.keys(options).map((name) => `--${name}`) };
  if (!command) return toOffer("verb", commands);
  const args = command.arguments ?? [];
  const argument = args[positionals] ?? (args.at(-1)?.many ? args.at(-1) : undefined);
  return toOffer(argument?.completes, commands);
}

function toOffer(completes: Completion | undefined, commands: readonly CommandSpec[]): Offer {
  if (completes === undefined) return { words: [] };
  if (completes === "verb")
    return { words: commands.filter(({ hidden }) => !hidden).map(({ name }) => name) };
  return typeof completes === "string" ? { lookUp: completes } : { words: completes };
}

/** The verb, how many words came after it, and the option that waits for its value. */
function walk(words: readonly string[], commands: readonly CommandSpec[]) {
  let command: CommandSpec | undefined;
  let positionals = 0;
  let open: string | undefined;
  for (const word of words) {
    const options: OptionTable = { ...GLOBAL_OPTIONS, ...command?.options };
    if (open !== undefined) open = undefined;
    else if (word.startsWith("-")) {
      const found = Object.entries(options).find(
        ([name, { short, also = [] }]) =>
          word === `-${short}` || [name, ...also].some((one) => word === `--${one}`),
      );
      if (found?.[1].value !== undefined) open = found[0];
    } else if (command) positionals++;
    else command = commands.find(({ name, also = [] }) => [name, ...also].includes(word));
  }
  return { command, positionals, open };
}
