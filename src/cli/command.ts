import type { Context } from "./context.ts";

/** What the shell may offer where an argument or a value is wanted. */
export type Completion = "collection" | "series" | "file" | "folder" | "verb" | readonly string[];

/** A word that a verb takes by its place. */
export interface Argument {
  /** In capitals, as help shows it. */
  readonly name: string;
  readonly about: string;
  readonly optional?: true;
  /** Takes all words from here on. */
  readonly many?: true;
  readonly completes?: Completion;
}

/** `--name`, with a value or without. */
export interface Option {
  readonly about: string;
  readonly short?: string;
  /** Further names, such as Python Lakota's. */
  readonly also?: readonly string[];
  /** What the value is called in help. Absent: the option takes none. */
  readonly value?: string;
  /** May be given more than once. */
  readonly many?: true;
  readonly completes?: Completion;
  /** @throws UsageError for a value that makes no sense. Default: the text itself. */
  readonly parse?: (text: string) => unknown;
}

export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { value: string }
  ? O extends { parse: (text: string) => infer T }
    ? T
    : string
  : boolean;

/** The values of options that were given, by name. */
export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table]?: Table[Name] extends { many: true }
    ? readonly ValueOf<Table[Name]>[]
    : ValueOf<Table[Name]>;
};

export interface Example {
  readonly command: string;
  readonly about: string;
}

/** A verb, told as data: parsing, help, completion and `docs/cli.md` are made from it. */
export interface Command {
  readonly name: string;
  readonly also?: readonly string[];
  /** One line without a full stop. */
  readonly summary: string;
  /** Paragraphs of help. */
  readonly description?: readonly string[];
  readonly arguments?: readonly Argument[];
  readonly options?: OptionTable;
  readonly examples: readonly Example[];
  /** Not in help: for the completion scripts. */
  readonly hidden?: true;
  /** Answers the exit code; nothing is 0. */
  run(context: Context, args: readonly string[], options: object): Promise<number | undefined>;
}

interface Definition<Table extends OptionTable> extends Omit<Command, "options" | "run"> {
  readonly options?: Table;
  run(context: Context, args: readonly string[], options: Values<Table>): Promise<number | undefined>;
}

/** A command whose `run` knows the types of its options. The parser reads them from the same table. */
export function defineCommand<const Table extends OptionTable>(definition: Definition<Table>): Command {
  return { ...definition, run: (context, args, options) => definition.run(context, args, options) };
}
