import { LakotaError } from "../../model/errors.ts";
import type { AmbiguousTimes } from "../csv/ambiguous-times.ts";
import type { CsvDialect } from "../csv/dialect.ts";

/** The format of a column that a file leaves open, and another file of the same import tells. */
export interface SettledFormat {
  /** The file that leaves it open, such as by 02/03/2026 alone. */
  readonly path: string;
  /** The column of times. */
  readonly column: string;
  /** The format in which it is read. */
  readonly format: string;
  /** A file that tells it, such as by 31/03/2026. */
  readonly by: string;
}

/** A file whose format of times is known. */
export interface Evidence {
  readonly path: string;
  readonly dialect: CsvDialect | undefined;
}

/** The order of day, month and year in a format: that is what files of one source have in common. */
const dateOrder = (format: string): string =>
  [...format.matchAll(/%([YymdbBj])/g)]
    .map(([, letter]) => letter!.replace("Y", "y").replace("B", "b"))
    .join("");

/** A file, and the format in which it has the times of a column. */
interface Witness {
  readonly by: string;
  readonly as: string;
}

/** What the files whose formats are known tell about the others. */
export class TimeEvidence {
  /** By column and order of day, month and year, the first file that has it. */
  readonly #witnesses = new Map<string, Map<string, Witness>>();

  constructor(files: Iterable<Evidence>) {
    for (const { path, dialect } of files)
      for (const [column, format] of Object.entries(dialect?.formats ?? {})) this.#add(column, format, path);
  }

  #add(column: string, format: string, path: string): void {
    const orders = this.#witnesses.get(column) ?? new Map<string, Witness>();
    this.#witnesses.set(column, orders);
    const order = dateOrder(format);
    if (!orders.has(order)) orders.set(order, { by: path, as: format });
  }

  /**
   * Finds the format that a file leaves open: all files that have one of the candidates in this column must have day, month
   * and year in one order.
   *
   * @param error what reading the file has thrown; `ambiguous` is the part of it that tells the candidates
   * @throws `error`, with what the other files tell
   */
  settle(path: string, error: unknown, { column, candidates }: AmbiguousTimes): SettledFormat {
    const orders = this.#witnesses.get(column);
    const found = candidates.flatMap((format) => {
      const witness = orders?.get(dateOrder(format));
      return witness ? [{ path, column, format, ...witness }] : [];
    });
    const [first, second] = found;
    if (first && !second) return { path, column, format: first.format, by: first.by };
    if (!(error instanceof LakotaError)) throw error;
    const others = second
      ? `Others have both: ${first!.by} has ${first!.as}, and ${second.by} has ${second.as}.`
      : "No other file tells it.";
    throw new LakotaError(error.code, `${error.message} ${others}`, { cause: error });
  }
}
