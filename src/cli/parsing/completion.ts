import { GLOBAL_OPTIONS } from "../options/global-options.ts";
import type { Completion, OptionTable } from "../options/options.ts";
import type { CommandSpec } from "./command-spec.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Returns a script that adds completion of `lakota` to a shell. It passes the words to `lakota complete`, so it stays
 * valid when verbs change.
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

/** How to complete a word: a list of words, or what to look up. */
export interface Completions {
  readonly words?: readonly string[];
  readonly lookUp?: Exclude<Completion, "verb" | readonly string[]>;
}

/** @param words the words typed after `lakota`; the last one is incomplete, and may be empty */
export function completionsFor(words: readonly string[], commands: readonly CommandSpec[]): Completions {
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const { command, positionals, pendingOption } = scanWords(before, commands);
  const options: OptionTable = { ...GLOBAL_OPTIONS, ...command?.options };
  if (pendingOption !== undefined) return toCompletions(options[pendingOption]?.completes, commands);
  if (last.startsWith("-")) return { words: Object.keys(options).map((name) => `--${name}`) };
  if (!command) return toCompletions("verb", commands);
  const args = command.arguments ?? [];
  const argument = args[positionals] ?? (args.at(-1)?.many ? args.at(-1) : undefined);
  return toCompletions(argument?.completes, commands);
}

function toCompletions(completes: Completion | undefined, commands: readonly CommandSpec[]): Completions {
  if (completes === undefined) return { words: [] };
  if (completes === "verb")
    return { words: commands.filter(({ hidden }) => !hidden).map(({ name }) => name) };
  return typeof completes === "string" ? { lookUp: completes } : { words: completes };
}

/** Finds the verb, the number of its positional arguments so far, and the option whose value comes next. */
function scanWords(words: readonly string[], commands: readonly CommandSpec[]) {
  let command: CommandSpec | undefined;
  let positionals = 0;
  let pendingOption: string | undefined;
  for (const word of words) {
    const options: OptionTable = { ...GLOBAL_OPTIONS, ...command?.options };
    if (pendingOption !== undefined) pendingOption = undefined;
    else if (word.startsWith("-")) {
      const found = Object.entries(options).find(
        ([name, { short, also = [] }]) =>
          word === `-${short}` || [name, ...also].some((one) => word === `--${one}`),
      );
      if (found?.[1].value !== undefined) pendingOption = found[0];
    } else if (command) positionals++;
    else command = commands.find(({ name, also = [] }) => [name, ...also].includes(word));
  }
  return { command, positionals, pendingOption };
}
