import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { openDuckDbCommand } from "../../src/cli/sql/duckdb-command.ts";
import { neededBy } from "../../src/cli/sql/scan-plan.ts";

const isInstalled = (() => {
  try {
    execFileSync("duckdb", ["-version"]);
    return true;
  } catch {
    return false;
  }
})();
const { signal } = new AbortController();

test.skipIf(isInstalled)("without the command duckdb there is no engine", async () => {
  expect(await openDuckDbCommand(signal)).toBeUndefined();
});

describe.skipIf(!isInstalled)("the command duckdb", () => {
  test("remembers definitions, explains, and prints as the formats demand", async () => {
    const engine = (await openDuckDbCommand(signal))!;
    await engine.define([
      "CREATE TABLE stand (a TIMESTAMP, b DOUBLE)",
      'CREATE VIEW "x/y" AS SELECT * FROM stand',
    ]);
    expect(await engine.rows('SELECT count(*) AS n FROM "x/y"')).toEqual([{ n: 0 }]);
    const stand = { columns: ["a", "b"] };
    const plan = await engine.explain("SELECT b FROM \"x/y\" WHERE a >= '2026-01-01'");
    expect(neededBy(plan, (name) => (name.endsWith("stand") ? stand : undefined)).get(stand)).toEqual({
      columns: new Set(["a", "b"]),
      bounds: new Map([["a", { low: "2026-01-01 00:00:00" }]]),
    });
    const print = async (format: "csv" | "json" | "table", header = true) => {
      let text = "";
      const sql = "SELECT timestamp '2026-01-01 10:00' AS t, NULL AS n, 'a,b' AS s";
      for await (const part of engine.print(sql, format, header)) text += part;
      return text.replaceAll("\r", "");
    };
    expect(await print("csv")).toBe('t,n,s\n2026-01-01 10:00:00,,"a,b"\n');
    expect(await print("csv", false)).toBe('2026-01-01 10:00:00,,"a,b"\n');
    expect(JSON.parse(await print("json"))).toEqual({ t: "2026-01-01 10:00:00", n: null, s: "a,b" });
    expect(await print("table")).toMatch(/│ *t *│ *n *│ *s *│/);
    await expect(engine.rows("SELECT * FROM nowhere")).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("nowhere does not exist"),
    });
  });
});
