import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openRepo } from "lakota/engine";
import { beforeEach, describe, expect, test } from "vitest";
import {
  manyRows,
  type Outcome,
  outcomeOf,
  ROWS,
  type Shell,
  shells,
  TEMPERATURE,
  withRows,
} from "./helpers.ts";

const newShell = shells();
const TOKEN = "a-token-for-tests";
const env = { LAKOTA_TOKEN: TOKEN };
const INDEX = ".lakota/lakota/index/v2/index.json";

interface Server {
  url: string;
  token?: string;
  stop: () => Promise<Outcome>;
}

/** Starts `lakota serve --writable` in a shell's folder, and waits for its address. */
async function serve(
  shell: Shell,
  args: string[] = [],
  environment: Record<string, string> = env,
): Promise<Server> {
  const child: ChildProcess = shell.start(
    ["serve", "--port", "0", "--json", "--writable", ...args],
    environment,
  );
  const outcome = outcomeOf(child);
  const [line] = await once(child.stdout!, "data");
  const stop = () => {
    child.kill("SIGINT");
    return outcome;
  };
  return { ...JSON.parse(String(line)), stop };
}

const success = { code: 0, stderr: "" };

describe("a repo behind `lakota serve --writable`", () => {
  let far: Shell;
  let near: Shell;
  beforeEach(async () => {
    far = await newShell();
    near = await newShell();
  });

  test("can be created, written, pushed to, pulled from and maintained at its address", async () => {
    const { url, token, stop } = await serve(far);
    expect(token).toBeUndefined(); // a given token is not printed
    await near.ok(["-r", url, ...TEMPERATURE], { env });
    await near.ok(["-r", url, "write", "temperature/Brussels"], { input: ROWS, env });
    await near.ok(["-r", url, "--token", TOKEN, "write", "temperature/long"], { input: manyRows(30_000) });
    expect(await far.ok(["read", "temperature/Brussels"])).toBe(ROWS); // directly from the disk

    await near.ok(["pull", url], { env }); // the token is for writing, and ignored here
    await near.ok(["write", "temperature/Ghent"], { input: ROWS });
    expect(await near.ok(["push", url], { env })).toMatch(/^temperature: 1 revision/);
    expect(await far.ok(["read", "temperature/Ghent"])).toBe(ROWS);
    expect(await far.ok(["verify"])).toMatch(/\S/);
    expect(await near.ok(["-r", url, "verify"], { env })).toMatch(/\S/);

    await near.ok(["-r", url, "delete", "temperature/long"], { env });
    await near.ok(["-r", url, "defrag", "temperature"], { env });
    await near.ok(["-r", url, "gc"], { env });
    expect(await near.ok(["-r", url, "ls", "temperature"], { env })).toBe(
      await far.ok(["ls", "temperature"]),
    );
    await far.ok(["verify"]);
    expect(await near.ok(["-r", url, "read", "temperature/Ghent"])).toBe(ROWS); // reading needs no token
    expect(await stop()).toMatchObject(success);
  });

  test("generates a token if none is given, and prints it once", async () => {
    const { url, token, stop } = await serve(far, [], {});
    expect(token).toMatch(/^[\w-]{32}$/);
    await near.ok(["-r", url, "--token", token!, ...TEMPERATURE]);
    expect(await far.ok(["ls"])).toMatch(/temperature/);
    expect(await stop()).toMatchObject(success);
    const { code, stderr } = await far.run(["serve", "--writable", "--quiet"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/LAKOTA_TOKEN/)]);
  });

  test("rejects a missing or wrong token, and says how to pass one", async () => {
    await withRows(far);
    const { url, stop } = await serve(far);
    await near.ok(["pull", url]);
    await near.ok(["write", "temperature/Ghent"], { input: ROWS });
    const attempts: [args: string[], message: RegExp][] = [
      [
        ["-r", url, "--token", "wrong", "delete", "temperature/Brussels"],
        /does not accept this token.*LAKOTA_TOKEN/,
      ],
      [["-r", url, "delete", "temperature/Brussels"], /requires a token.*--token or LAKOTA_TOKEN/],
      [["push", url], /requires a token/],
      [["push", url, "--token", "wrong"], /does not accept this token/],
    ];
    for (const [args, message] of attempts) {
      const { code, stderr } = await near.run(args);
      expect([code, stderr], args.join(" ")).toEqual([1, expect.stringMatching(message)]);
    }
    expect(await far.ok(["read", "temperature/Brussels"])).toBe(ROWS);
    expect(await stop()).toMatchObject(success);
  });

  test("keeps the writes of two concurrent programs, and indexes them", async () => {
    await withRows(far);
    await far.ok(["publish"]);
    const { url, stop } = await serve(far);
    const repos = await Promise.all(
      [0, 1].map(() => openRepo(url, { token: TOKEN, cache: false, maxAge: 0 })),
    );
    const write = async (writer: number) => {
      const collection = await repos[writer]!.collection("temperature");
      for (let i = 0; i < 5; i++)
        await collection.series(`${writer} ${i}`).write({ timestamp: ["2026-03-01"], value: [i] });
    };
    await Promise.all([write(0), write(1)]);
    const [repo] = repos;
    const collection = await repo!.collection("temperature");
    await collection.merge();
    const expected = ["0 0", "0 1", "0 2", "0 3", "0 4", "1 0", "1 1", "1 2", "1 3", "1 4", "Brussels"];
    expect(await collection.ls()).toEqual(expected);
    expect((await repo!.verify()).problems).toEqual([]);
    for (const each of repos) each.close();
    expect(await stop()).toMatchObject(success);
    const { folders } = JSON.parse(await readFile(join(far.folder, INDEX), "utf8"));
    const listed = Object.values<unknown[]>(folders).flat().length;
    await far.ok(["publish"]);
    const renewed = JSON.parse(await readFile(join(far.folder, INDEX), "utf8"));
    expect(listed).toBe(Object.values<unknown[]>(renewed.folders).flat().length);
  });

  test("warns about unencrypted connections from other machines", async () => {
    const { stop } = await serve(far, ["--host", "0.0.0.0"]);
    expect((await stop()).stderr).toMatch(/warning: .*unencrypted.*https/);
  });
});

test("a read-only server says how to make it writable", async () => {
  const shell = await withRows(await newShell());
  const child = shell.start(["serve", "--port", "0", "--json"], env);
  const outcome = outcomeOf(child);
  const [line] = await once(child.stdout!, "data");
  const { url } = JSON.parse(String(line));
  for (const given of [{}, env]) {
    const { code, stderr } = await shell.run(["-r", url, "delete", "temperature/Brussels"], { env: given });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/read-only web host.*lakota serve --writable/)]);
  }
  child.kill("SIGINT");
  expect(await outcome).toMatchObject(success);
});
