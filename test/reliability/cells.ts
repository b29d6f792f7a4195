import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faults } from "./faults.ts";
import { type Cell, Matrix } from "./matrix.ts";
import { operations } from "./operations.ts";
import { report } from "./report.ts";

/** Milliseconds for all runs of a cell. */
const CELL_TIMEOUT = 120_000;

/** Tests each operation of a kind with each fault, and compares the outcomes with `docs/reliability.md`. */
export function testCells(kind: "read" | "change", part: string): void {
  const cells: Cell[] = [];
  let matrix: Matrix;
  beforeAll(async () => {
    matrix = await Matrix.start();
  }, CELL_TIMEOUT);
  afterAll(() => matrix.close());

  for (const operation of operations.filter((each) => each.kind === kind)) {
    describe(operation.name, { concurrent: true, timeout: CELL_TIMEOUT }, () => {
      for (const fault of faults) {
        it(`${fault.name}: right data or a right error, nothing lost, nothing false`, async () => {
          const cell = await matrix.cell(operation, fault);
          if (cell.runs > 0) cells.push(cell);
          expect(cell.wrong).toEqual([]);
        });
      }
    });
  }

  it("has the outcomes of docs/reliability.md", () => {
    const indexOf = ({ operation, fault }: Cell) =>
      operations.findIndex(({ name }) => name === operation) * faults.length +
      faults.findIndex(({ name }) => name === fault);
    const { documented, expected, why } = report(
      part,
      cells.sort((a, b) => indexOf(a) - indexOf(b)),
    );
    expect(documented, why).toBe(expected);
  });
}
