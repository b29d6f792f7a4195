import { contains, type Interval, type Key } from "../../src/model/key.ts";

/** A naive model of a series: sorted rows, of which each write replaces those in its range. */
export class SeriesModel {
  rows: [key: Key, value: number][] = [];

  write(range: Interval, rows: [Key, number][]): void {
    const kept = this.rows.filter(([key]) => !contains(range, key));
    this.rows = [...kept, ...rows].sort(
      ([a], [b]) => Number(a[0]) - Number(b[0]) || Number(a[1] ?? 0) - Number(b[1] ?? 0),
    );
  }

  read(range: Interval): [Key, number][] {
    return this.rows.filter(([key]) => contains(range, key));
  }
}
