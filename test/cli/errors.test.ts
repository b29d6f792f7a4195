import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { manyRows, outcomeOf, type Shell, shells, withRows } from "./helpers.ts";

const newShell = shells();
let shell: Shell;
beforeAll(async () => {
  shell = await withRows(await newShell());
});

describe("errors print one line on standard error and exit with 1", () => {
  test.each([
    [["read", "nowhere/s"], /No collection "nowhere".*temperature/],
    [["read", "temperature/nowhere"], /no series "nowhere".*Brussels/],
    [["write", "nowhere/s"], /No collection "nowhere"/],
    [["read", "temperature/Brussels", "nope"], /No column "nope".*value/],
    [["create", "temperature", "n int*"], /exists, with another schema/],
    [["create", "x", "value float"], /needs an index/],
    [["create", "x", "n nope*"], /"n": Unknown column type "nope"/],
    [["rename", "nowhere", "x"], /nowhere/],
    [["delete", "temp/Brussels"], /No collection "temp"/],
    [["delete", "temperature/Bru"], /no series "Bru"/],
    [["diff", "temperature", "2000-01-01"], /no revision 2000-01-01.*lakota rev/],
    [["push", "ftp://host"], /ftp/],
    [["-r", "http://127.0.0.1:1/x", "ls"], /127\.0\.0\.1:1/],
    [["pull", "./nowhere"], /There is no repository at .*nowhere, which does not exist/],
    [["pull", "nowhere"], /no remote "nowhere" \(there are none\), and no folder of that name\.$/m],
    [["status", "nowhere"], /no remote "nowhere"/],
    [["-r", "nowhere", "ls"], /no remote "nowhere"/],
    [["push", "nowhere"], /no folder of that name\. To make a new folder, write \.\/nowhere\.$/m],
    [["read", "temperature/Brux", "--before", "head"], /no series "Brux" in "temperature" before head\.$/m],
    [["import", "nowhere"], /no folder .*nowhere/],
    [["import", "."], /has no folders of CSV/],
    [["import", "file.csv"], /is a file.*lakota write/],
    [["export", "out", "-c", "nowhere"], /nowhere/],
    [["verify", "nowhere"], /nowhere/],
    [["write", "temperature/Brussels", "nowhere.csv"], /nowhere\.csv/],
  ])("%j", async (args, message) => {
    await writeFile(join(shell.folder, "file.csv"), "t,v\n1,2\n");
    const { code, stdout, stderr } = await shell.run(args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^lakota: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  test("a silent server is given up after --timeout", async () => {
    const server = createServer(() => undefined); // never responds
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const args = ["-r", `http://127.0.0.1:${port}/x`, "--timeout", "0.05", "ls"];
      const { code, stderr } = await shell.run(args);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/for 0\.05 seconds/)]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("bad rows name the line, and nothing is written", async () => {
    for (const [input, message] of [
      ["timestamp,value\n2026-01-01,1\n2026-01-02,x\n", /Line 3, column "value": "x"/],
      ["timestamp,value\n2026-01-02,1\n2026-01-01,1\n", /line 3/],
      ["timestamp,wrong\n2026-01-02,1\n", /lacks value.*no wrong/],
      ["timestamp,value\n2026-01-02\n", /Line 2 has 1 cell/],
      ["", /./],
    ] as const) {
      const { code, stderr } = await shell.run(["write", "temperature/new"], { input });
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^lakota: [^\n]+\n$/);
    }
    expect(await shell.json(["ls", "temperature"])).toEqual(["Brussels"]);
  });

  test("the place of an error in an expression is marked", async () => {
    const { code, stdout, stderr } = await shell.run([
      "read",
      "temperature/Brussels",
      "--where",
      "1 < value < 5",
    ]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^lakota: Comparisons cannot be chained, at character 11 .*1 < value and value < …$/,
      ),
      "  1 < value < 5",
      "            ^",
      "",
    ]);
  });

  test("control characters in messages are escaped", async () => {
    const { stderr } = await shell.run(["read", "temperature/\u001b[31m\nx"]);
    expect(stderr).toContain("\\x1b[31m");
    expect(stderr).not.toContain("\u001b");
  });

  test("--verbose prints the stack trace", async () => {
    const { stderr } = await shell.run(["read", "nowhere/s", "-v"]);
    expect(stderr).toMatch(/LakotaError.*\n\s+at /);
  });
});

describe("invalid command lines exit with 2 and a hint", () => {
  test.each([
    [["nope"], /no verb "nope"/, "help"],
    [["raed"], /Did you mean read\?/, "help"],
    [["read"], /read needs SERIES/, "help read"],
    [["read", "temperature"], /is a collection: write temperature\/SERIES/, "help read"],
    [["read", "temperature/"], /does not name a series/, "help read"],
    [["ls", "temperature/Brussels"], /is a series/, "help ls"],
    [["gc", "what"], /gc takes no argument "what"/, "help gc"],
    [["read", "temperature/Brussels", "--limt", "3"], /--limt here\. Did you mean --limit\?/, "help read"],
    [["read", "temperature/Brussels", "--limit"], /--limit needs a value/, "help read"],
    [
      ["read", "temperature/Brussels", "--limit", "many"],
      /--limit: "many" is not a whole number/,
      "help read",
    ],
    [["read", "temperature/Brussels", "--start", "-x"], /--start=-VALUE/, "help read"],
    [["read", "temperature/Brussels", "--start", "-5"], /"-5" is not a time.*-7d/, "help read"],
    [["read", "temperature/Brussels", "--end", "someday"], /"someday" is not a time.*yesterday/, "help read"],
    [["read", "temperature/Brussels", "--limit", "-5"], /"-5" is not a whole number/, "help read"],
    [["read", "temperature/Brussels", "--json=1"], /--json takes no value/, "help read"],
    [["read", "temperature/Brussels", "--closed", "half"], /"half" is not one of/, "help read"],
    [
      ["read", "temperature/Brussels", "--before", "soon"],
      /"soon" is neither a time nor a revision/,
      "help read",
    ],
    [
      ["read", "temperature/Brussels", "--gt", "2020", "--gt", "2021"],
      /more often than there are index columns/,
      "help read",
    ],
    [["create", "x", "value"], /"value" is not a column/, "help create"],
    [["create", "x", "n int*", "n float"], /same name/, "help create"],
    [["write", "temperature/s", "--types", "a=int"], /need --create/, "help write"],
    [["write", "temperature/s", "--create", "--types", "a"], /not of the form NAME=TYPE/, "help write"],
    [["delete", "temperature", "--start", "2020"], /from a series/, "help delete"],
    [["export", "gs://bucket/x"], /neither a folder nor an address of S3/, "help export"],
    [["export", "out", "-T", "xls"], /not one of csv, parquet/, "help export"],
    [["serve", "--port", "99999"], /not a port/, "help serve"],
    [["completion", "csh"], /not one of bash, zsh, fish/, "help completion"],
    [["help", "nope"], /no verb "nope"/, "help help"],
  ])("%j", async (args, message, hint) => {
    const { code, stdout, stderr } = await shell.run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^lakota: [^\n]+\nTry `[^\n]+`\.\n$/);
    expect(stderr).toContain(`Try \`lakota ${hint}\`.`);
  });
});

describe("pipes and signals", () => {
  test("a reader that closes the pipe ends the command without an error", async () => {
    await shell.ok(["write", "temperature/long"], { input: manyRows(100_000) });
    const child = shell.start(["read", "temperature/long"]);
    const outcome = outcomeOf(child);
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    expect(await outcome).toMatchObject({ code: 0, stderr: "" });
  });

  /** Starts a write that has stored its first rows and waits for more input. */
  async function startWrite() {
    const child = shell.start(["write", "temperature/half"]);
    const outcome = outcomeOf(child);
    // Far more than a pipe buffers: once it is consumed, the first chunks are being stored.
    await new Promise<void>((resolve) => child.stdin!.write(manyRows(700_000), () => resolve()));
    return { child, outcome };
  }

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s leaves nothing half-written", async (signal, code) => {
    const before = await shell.json(["rev", "temperature"]);
    const { child, outcome } = await startWrite();
    child.kill(signal);
    expect(await outcome).toEqual({ code, stdout: "", stderr: "" });
    expect(await shell.json(["rev", "temperature"])).toEqual(before);
    const files = await readdir(join(shell.folder, ".lakota"), { recursive: true });
    expect(files.filter((path) => /tmp\/.*\/./.test(path))).toEqual([]);
    expect(await shell.ok(["verify"])).toMatch(/^All is well/);
  });

  test("--quiet prints nothing, and there is no progress in a pipe", async () => {
    expect(await shell.run(["gc", "--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect((await shell.run(["verify"])).stderr).toBe("");
  });
});
