import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openRepo } from "lakota/engine";
import { beforeEach, describe, expect, test } from "vitest";
import { ended, manyRows, type Outcome, ROWS, type Shell, shells, TEMPERATURE, withRows } from "./tools.ts";

const newShell = shells();
const TOKEN = "a-token-for-tests";
const env = { LAKOTA_TOKEN: TOKEN };
const INDEX = ".lakota/lakota/index/v1/index.json";

interface Server {
  url: string;
  token?: string;
  stop: () => Promise<Outcome>;
}

/** `lakota serve --writable` in a shell's folder, once it has said where it is. */
async function serve(
  shell: Shell,
  args: string[] = [],
  environment: Record<string, string> = env,
): Promise<Server> {
  const child: ChildProcess = shell.start(
    ["serve", "--port", "0", "--json", "--writable", ...args],
    environment,
  );
  const outcome = ended(child);
  const [line] = await once(child.stdout!, "data");
  const stop = () => {
    child.kill("SIGINT");
    return outcome;
  };
  return { ...JSON.parse(String(line)), stop };
}

const inOrder = { code: 0, stderr: "" };

describe("a repo behind `lakota serve --writable`", () => {
  let far: Shell;
  let near: Shell;
  beforeEach(async () => {
    far = await newShell();
    near = await newShell();
  });

  test("is created, written, pushed to, pulled from and cleaned by its address", async () => {
    const { url, token, stop } = await serve(far);
    expect(token).toBeUndefined(); // who gave it knows it
    await near.ok(["-r", url, ...TEMPERATURE], { env });
    await near.ok(["-r", url, "write", "temperature/Brussels"], { input: ROWS, env });
    await near.ok(["-r", url, "--token", TOKEN, "write", "temperature/long"], { input: manyRows(30_000) });
    expect(await far.ok(["read", "temperature/Brussels"])).toBe(ROWS); // on the disk itself

    await near.ok(["pull", url], { env }); // the environment's token is for who is written, and does no harm
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
    expect(await near.ok(["-r", url, "read", "temperature/Ghent"])).toBe(ROWS); // reading takes no token
    expect(await stop()).toMatchObject(inOrder);
  });

  test("makes a token where there is none, and says it once", async () => {
    const { url, token, stop } = await serve(far, [], {});
    expect(token).toMatch(/^[\w-]{32}$/);
    await near.ok(["-r", url, "--token", token!, ...TEMPERATURE]);
    expect(await far.ok(["ls"])).toMatch(/temperature/);
    expect(await stop()).toMatchObject(inOrder);
    const { code, stderr } = await far.run(["serve", "--writable", "--quiet"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/LAKOTA_TOKEN/)]);
  });

  test("says what to pass to who has the wrong token, or none", async () => {
    await withRows(far);
    const { url, stop } = await serve(far);
    await near.ok(["pull", url]);
    await near.ok(["write", "temperature/Ghent"], { input: ROWS });
    const attempts: [args: string[], message: RegExp][] = [
      [
        ["-r", url, "--token", "wrong", "delete", "temperature/Brussels"],
        /does not know this token.*LAKOTA_TOKEN/,
      ],
      [["-r", url, "delete", "temperature/Brussels"], /wants a token.*--token or LAKOTA_TOKEN/],
      [["push", url], /wants a token/],
      [["push", url, "--token", "wrong"], /does not know this token/],
    ];
    for (const [args, message] of attempts) {
      const { code, stderr } = await near.run(args);
      expect([code, stderr], args.join(" ")).toEqual([1, expect.stringMatching(message)]);
    }
    expect(await far.ok(["read", "temperature/Brussels"])).toBe(ROWS);
    expect(await stop()).toMatchObject(inOrder);
  });

  test("keeps what two programs write at once: every series is there, and readers by the index see them", async () => {
    await withRows(far);
    await far.ok(["publish"]);
    const { url, stop } = await serve(far);
    const repos = await Promise.all(
      [0, 1].map(() => openRepo(url, { token: TOKEN, cache: false, maxAge: 0 })),
    );
    const write = async (which: number) => {
      const collection = await repos[which]!.collection("temperature");
      for (let i = 0; i < 5; i++)
        await collection.series(`${which} ${i}`).write({ timestamp: ["2026-03-01"], value: [i] });
    };
    await Promise.all([write(0), write(1)]);
    const [repo] = repos;
    const collection = await repo!.collection("temperature");
    await collection.merge();
    const expected = ["0 0", "0 1", "0 2", "0 3", "0 4", "1 0", "1 1", "1 2", "1 3", "1 4", "Brussels"];
    expect(await collection.ls()).toEqual(expected);
    expect((await repo!.verify()).problems).toEqual([]);
    for (const each of repos) each.close();
    expect(await stop()).toMatchObject(inOrder);
    const { folders } = JSON.parse(await readFile(join(far.folder, INDEX), "utf8"));
    const listed = Object.values<unknown[]>(folders).flat().length;
    await far.ok(["publish"]);
    const anew = JSON.parse(await readFile(join(far.folder, INDEX), "utf8"));
    expect(listed).toBe(Object.values<unknown[]>(anew.folders).flat().length);
  });

  test("warns where others can listen, and not on this machine", async () => {
    const { stop } = await serve(far, ["--host", "0.0.0.0"]);
    expect((await stop()).stderr).toMatch(/warning: .*unencrypted.*https/);
  });
});

test("a host that cannot be written says how it could", async () => {
  const shell = await withRows(await newShell());
  const child = shell.start(["serve", "--port", "0", "--json"], env);
  const outcome = ended(child);
  const [line] = await once(child.stdout!, "data");
  const { url } = JSON.parse(String(line));
  for (const given of [{}, env]) {
    const { code, stderr } = await shell.run(["-r", url, "delete", "temperature/Brussels"], { env: given });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/reading only.*lakota serve --writable/)]);
  }
  child.kill("SIGINT");
  expect(await outcome).toMatchObject(inOrder);
});
