import type { Context } from "./context.ts";
import type { OptionTable, Values } from "./options/options.ts";
import type { CommandSpec } from "./parsing/command-spec.ts";

/** A verb: its description as data, and the function that runs it. */
export interface Command extends CommandSpec {
  /** Returns the exit code; undefined means 0. */
  run(context: Context, args: readonly string[], options: object): Promise<number | undefined>;
}

interface Definition<Table extends OptionTable> extends Omit<CommandSpec, "options"> {
  readonly options?: Table;
  run(context: Context, args: readonly string[], options: Values<Table>): Promise<number | undefined>;
}

/** Returns a command whose `run` gets its options typed by the table from which they are parsed. */
export function defineCommand<const Table extends OptionTable>(definition: Definition<Table>): Command {
  return { ...definition, run: (context, args, options) => definition.run(context, args, options) };
}
