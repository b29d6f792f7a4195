import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeEach(async () => {
  shell = await newShell();
  await withRows(shell); // temperature/Brussels
});

describe("describe and info", () => {
  test("show types and descriptions as a table", async () => {
    expect(await shell.ok(["info", "temperature"])).toBe(
      "of\tname\tfield\tvalue\ncolumn\ttimestamp\ttype\ttimestamp*\ncolumn\tvalue\ttype\tfloat\n",
    );
    const described = await shell.ok([
      ...["describe", "temperature", "--title", "Temperatures", "--licence", "CC0"],
      ...[
        "--column",
        "value.unit=°C",
        "--column",
        "value.title=Air = shade",
        "--time-zone",
        "Europe/Brussels",
      ],
    ]);
    expect(described).toBe("Described temperature.\n");
    await shell.ok(["describe", "temperature", "Brussels", "--title", "Uccle", "--tag", "a", "--tag", "b"]);
    expect((await shell.ok(["info", "temperature", "--all"])).split("\n").slice(1, -1)).toEqual([
      "collection\ttemperature\ttitle\tTemperatures",
      "collection\ttemperature\tlicence\tCC0",
      "collection\ttemperature\ttimeZone\tEurope/Brussels",
      "column\ttimestamp\ttype\ttimestamp*",
      "column\tvalue\ttype\tfloat",
      "column\tvalue\ttitle\tAir = shade",
      "column\tvalue\tunit\t°C",
      "series\tBrussels\ttitle\tUccle",
      "series\tBrussels\ttags\ta b",
    ]);
    expect(await shell.ok(["info", "temperature/Brussels"])).toBe(
      "of\tname\tfield\tvalue\nseries\tBrussels\ttitle\tUccle\nseries\tBrussels\ttags\ta b\n",
    );
    await shell.ok([
      "describe",
      "temperature",
      "--remove",
      "licence",
      "--remove",
      "value.unit",
      "--remove",
      "time-zone",
    ]);
    expect(await shell.json(["info", "temperature"])).toEqual({
      title: "Temperatures",
      columns: { value: { title: "Air = shade" } },
    });
    expect(await shell.ok(["describe", "temperature", "--title", "Temperatures"])).toMatch(
      /^Nothing has changed/,
    );
  });

  test("print as JSON what describe reads, from a file or standard input", async () => {
    const description = {
      title: "Temperatures",
      source: "https://example.org",
      columns: { value: { unit: "°C" } },
      series: { Brussels: { title: "Uccle", tags: ["a"] }, "not there": { unit: "K" } },
    };
    await writeFile(join(shell.folder, "in.json"), JSON.stringify(description));
    await shell.ok(["describe", "temperature", "--file", "in.json", "--title", "In place of the title"]);
    const all = await shell.ok(["info", "temperature", "--all", "--json"]);
    expect(JSON.parse(all)).toEqual({ ...description, title: "In place of the title" });
    await shell.ok(["create", "copy", "timestamp timestamp*", "value float"]);
    await shell.ok(["describe", "copy", "-f", "-"], { input: all });
    expect(await shell.json(["info", "copy", "--all"])).toEqual(JSON.parse(all));
    const one = await shell.ok(["info", "copy", "Brussels", "--json"]);
    expect(JSON.parse(one)).toEqual({ series: { Brussels: { title: "Uccle", tags: ["a"] } } });
    await shell.ok(["describe", "copy", "--file", "-"], { input: '{"series": {"Brussels": null}}' });
    expect(await shell.json(["info", "copy", "Brussels"])).toEqual({ series: {} });
  });

  test("are removed by the names of the options, too", async () => {
    for (const name of ["time-zone", "timeZone"]) {
      await shell.ok(["describe", "temperature", "--time-zone", "Europe/Brussels"]);
      await shell.ok(["describe", "temperature", "--remove", name]);
      expect(await shell.json(["info", "temperature"])).not.toHaveProperty("timeZone");
    }
  });

  test("find series by tag and text", async () => {
    await shell.ok(["describe", "temperature/Brussels", "--tag", "synoptic", "--title", "Uccle"]);
    expect(await shell.ok(["ls", "temperature", "--tag", "synoptic"])).toBe("series\nBrussels\n");
    expect(await shell.ok(["ls", "temperature", "--text", "uccle"])).toBe("series\nBrussels\n");
    expect(await shell.ok(["ls", "temperature", "--text", "nothing"])).toBe("series\n");
    expect((await shell.run(["ls", "--tag", "synoptic"])).stderr).toMatch(/--tag .*name the collection/);
  });

  test("say what is wrong", async () => {
    const failures: readonly [args: string[], message: RegExp][] = [
      [["describe", "temperature"], /nothing to describe/],
      [["describe", "temperature", "--unit", "K"], /--unit is for series.*--column NAME\.unit/],
      [["describe", "temperature", "Brussels", "--licence", "x"], /--licence is for collections/],
      [["describe", "temperature", "--column", "value=K"], /NAME\.FIELD=TEXT/],
      [["describe", "temperature", "--column", "valeu.unit=K"], /No column "valeu"/],
      [["describe", "temperature", "--remove", "titel"], /titel is no field/],
      [["describe", "temperature", "--title", "x".repeat(201)], /201 characters/],
      [["describe", "temperature", "Brussels", "--file", "x.json"], /--file describes a collection/],
      [["describe", "nowhere", "--title", "x"], /No collection "nowhere"/],
      [["info", "nowhere"], /No collection "nowhere"/],
    ];
    for (const [args, message] of failures) {
      const { code, stderr } = await shell.run(args);
      expect([args, code === 0, stderr]).toEqual([args, false, expect.stringMatching(message)]);
    }
    const bad = await shell.run(["describe", "temperature", "--file", "-"], { input: "{" });
    expect(bad.stderr).toMatch(/Standard input is not JSON/);
    const list = await shell.run(["describe", "temperature", "--file", "-"], { input: "[]" });
    expect(list.stderr).toMatch(/no JSON object/);
    const early = await shell.run(["describe", "temperature", "Later", "--unit", "K"]);
    expect([early.code, early.stderr]).toEqual([0, expect.stringMatching(/no series "Later".*yet/)]);
  });

  test("are exported and imported", async () => {
    await shell.ok(["describe", "temperature", "--title", "Temperatures", "--column", "value.unit=°C"]);
    await shell.ok(["describe", "temperature", "Brussels", "--tag", "synoptic"]);
    await shell.ok(["export", "out"]);
    const file = await readFile(join(shell.folder, "out/temperature/_description.json"), "utf8");
    const description = await shell.json(["info", "temperature", "--all"]);
    expect(JSON.parse(file)).toEqual(description);
    await shell.ok(["import", "out", "--repo", "other"]);
    expect(await shell.json(["info", "temperature", "--all", "--repo", "other"])).toEqual(description);

    // What is described already may be newer.
    await shell.ok(["import", "out", "--repo", "other"]);
    await shell.ok(["describe", "temperature", "--title", "Newer", "--repo", "other"]);
    const again = await shell.run(["import", "out", "--repo", "other"]);
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringMatching(/"temperature" keeps its description/),
    ]);
    const kept = await shell.json(["info", "temperature", "--repo", "other"]);
    expect(kept.title).toBe("Newer");
    await shell.ok(["create", "temperature", "timestamp timestamp*", "value float", "--repo", "third"]);
    await shell.ok(["import", "out", "--repo", "third"]);
    expect(await shell.json(["info", "temperature", "--all", "--repo", "third"])).toEqual(description);
  });

  test("leave no old file in a folder that is exported to again", async () => {
    const file = join(shell.folder, "out/temperature/_description.json");
    await shell.ok(["export", "out"]);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    await shell.ok(["describe", "temperature", "--title", "Temperatures"]);
    await shell.ok(["export", "out"]);
    await shell.ok(["describe", "temperature", "--remove", "title"]);
    await shell.ok(["export", "out"]);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({});
    await shell.ok(["import", "out", "--repo", "other"]);
    expect(await shell.json(["info", "temperature", "--all", "--repo", "other"])).toEqual({});
  });
});
