/** What a shell can offer for an argument or an option value. A repo is a remote or a folder. */
export type Completion =
  | "collection"
  | "series"
  | "file"
  | "folder"
  | "remote"
  | "repo"
  | "verb"
  | readonly string[];

/** `--name`, with a value or without. */
export interface Option {
  readonly about: string;
  readonly short?: string;
  /** Further names, such as Python Lakota's. */
  readonly also?: readonly string[];
  /** Placeholder of the value in help. Absent: the option is a flag. */
  readonly value?: string;
  /** May be repeated. */
  readonly many?: true;
  readonly completes?: Completion;
  /** Parses the value. Default: the text itself. @throws UsageError for an invalid value */
  readonly parse?: (text: string) => unknown;
}

export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { value: string }
  ? O extends { parse: (text: string) => infer T }
    ? T
    : string
  : boolean;

/** The values of the options that were given, by name. */
export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table]?: Table[Name] extends { many: true }
    ? readonly ValueOf<Table[Name]>[]
    : ValueOf<Table[Name]>;
};
