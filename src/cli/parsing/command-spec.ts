import type { Completion, OptionTable } from "../options/options.ts";

/** A positional argument. */
export interface Argument {
  /** In capitals, as shown in help. */
  readonly name: string;
  readonly about: string;
  readonly optional?: true;
  /** Takes all remaining arguments. */
  readonly many?: true;
  readonly completes?: Completion;
}

export interface Example {
  readonly command: string;
  readonly about: string;
}

/** A verb as data: what parsing, help, completion and `docs/cli.md` need to know about a command. */
export interface CommandSpec {
  readonly name: string;
  readonly also?: readonly string[];
  /** One line without a full stop. */
  readonly summary: string;
  /** Paragraphs of help. */
  readonly description?: readonly string[];
  readonly arguments?: readonly Argument[];
  readonly options?: OptionTable;
  readonly examples: readonly Example[];
  /** Not shown in help; used by the completion scripts. */
  readonly hidden?: true;
}
