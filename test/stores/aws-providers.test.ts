import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openRepo } from "../../src/node.ts";
import { awsSettings } from "../../src/stores/s3/aws-config.ts";
import { startS3 } from "../s3-server/index.ts";
import { folders, TestClock } from "./tools.ts";

/*
 * Keys that the package `@aws-sdk/credential-providers` fetches, with a home folder of this test's and servers on this
 * machine.
 */

const newFolder = folders();
let home: string;
let close: (() => unknown)[];

beforeEach(async () => {
  home = await newFolder();
  close = [];
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  await mkdir(join(home, ".aws"));
});

afterEach(async () => {
  for (const each of close) await each();
  vi.unstubAllEnvs();
});

const configFile = () => join(home, ".aws/config");
const setConfig = (lines: readonly string[]) => writeFile(configFile(), lines.join("\n"));

/** Starts a server whose responses are JSON, or text; the return value has what it was asked. */
async function startService(respond: (request: IncomingMessage, body: string) => object | string) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const answer = respond(request, Buffer.concat(await request.toArray()).toString());
    response.setHeader("content-type", typeof answer === "string" ? "text/xml" : "application/json");
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  close.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const TEMPORARY = { secret: "hidden", sessionToken: "of-session" };
const KEYS = { accessKeyId: "temporary", secretAccessKey: "hidden", sessionToken: "of-session" };

/** Returns the keys that the environment leads to. */
async function fetchedKeys() {
  const { credentials } = awsSettings(
    process.env,
    { config: await readFile(configFile(), "utf8") },
    () => import("@aws-sdk/credential-providers"),
  );
  if (typeof credentials !== "function") throw new Error("These keys need not be fetched.");
  return credentials();
}

describe("a profile with credential_process", () => {
  /** Makes a command that prints keys of the given names in turn, valid for an hour. */
  async function setProcess(names: readonly string[]) {
    const script = join(home, "keys.mjs");
    await writeFile(
      script,
      `import { appendFileSync, readFileSync } from "node:fs";
      appendFileSync("${home}/asked", "x");
      const AccessKeyId = ${JSON.stringify(names)}[readFileSync("${home}/asked").length - 1];
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      console.log(JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey: "hidden", SessionToken: "of-session", Expiration }));`,
    );
    await setConfig(["[profile tool]", `credential_process = "${process.execPath}" "${script}"`]);
    vi.stubEnv("AWS_PROFILE", "tool");
  }
  const timesAsked = async () => (await readFile(join(home, "asked"))).length;

  async function startBucket() {
    const clock = new TestClock();
    clock.time = Date.now();
    const gone = { ...TEMPORARY, expires: 0 };
    const s3 = await startS3({ keys: { first: TEMPORARY, second: TEMPORARY, gone }, now: clock.now });
    close.push(() => s3.close());
    s3.objects.createBucket("data");
    const repo = await openRepo("s3://data/repo", { endpoint: s3.url, cache: false, maxAge: 0, clock });
    close.push(() => repo.close());
    return { repo, clock };
  }

  test("is asked once for many requests, and again before the keys expire", async () => {
    await setProcess(["first", "second"]);
    const { repo, clock } = await startBucket();
    expect(await repo.ls()).toEqual([]);
    expect(await repo.ls()).toEqual([]);
    expect(await timesAsked()).toBe(1);
    clock.time += 2 * 3_600_000;
    expect(await repo.ls()).toEqual([]);
    expect(await timesAsked()).toBe(2);
  });

  test("is asked again when S3 says that the keys have expired", async () => {
    await setProcess(["gone", "second"]);
    const { repo } = await startBucket();
    expect(await repo.ls()).toEqual([]);
    expect(await timesAsked()).toBe(2);
  });

  test("that fails is named", async () => {
    await setConfig(["[profile tool]", `credential_process = "${process.execPath}" -e "process.exit(3)"`]);
    vi.stubEnv("AWS_PROFILE", "tool");
    const { repo } = await startBucket();
    await expect(repo.ls()).rejects.toMatchObject({
      code: "forbidden",
      message: /^The AWS profile "tool" gets its keys from a command \(credential_process\), and that failed/,
    });
  });
});

describe("a profile of IAM Identity Center", () => {
  const lines = ["[profile sso]", "sso_session = corp", "sso_account_id = 1234", "sso_role_name = reader"];
  const sessionLines = [
    "[sso-session corp]",
    "sso_region = eu-west-1",
    "sso_start_url = https://corp.example",
  ];

  async function setSession(expiresAt: string) {
    await setConfig([...lines, ...sessionLines]);
    vi.stubEnv("AWS_PROFILE", "sso");
    const folder = join(home, ".aws/sso/cache");
    await mkdir(folder, { recursive: true });
    const name = createHash("sha1").update("corp").digest("hex");
    await writeFile(
      join(folder, `${name}.json`),
      JSON.stringify({ accessToken: "of-login", expiresAt, region: "eu-west-1" }),
    );
  }

  test("gets keys with the token of the last login", async () => {
    const expiration = Date.UTC(2999, 0, 1);
    const portal = await startService(() => ({ roleCredentials: { ...KEYS, expiration } }));
    vi.stubEnv("AWS_ENDPOINT_URL_SSO", portal.url);
    await setSession("2999-01-01T00:00:00Z");
    expect(await fetchedKeys()).toMatchObject({ ...KEYS, expiration: new Date(expiration) });
    expect(portal.asked).toEqual(["GET /federation/credentials?account_id=1234&role_name=reader"]);
  });

  test("whose login has expired says how to log in again", async () => {
    await setSession("2020-01-01T00:00:00Z");
    await expect(fetchedKeys()).rejects.toMatchObject({
      code: "forbidden",
      message: /^The AWS profile "sso" gets its keys from IAM Identity Center .*aws sso login/,
    });
  });
});

describe("a role", () => {
  const credentials =
    "<Credentials><AccessKeyId>temporary</AccessKeyId><SecretAccessKey>hidden</SecretAccessKey>" +
    "<SessionToken>of-session</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>";
  const answerTo = (action: string) =>
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${credentials}</${action}Result></${action}Response>`;

  async function startSts() {
    const actions: (string | null)[] = [];
    const sts = await startService((_, body) => {
      const action = new URLSearchParams(body).get("Action");
      actions.push(action);
      return answerTo(String(action));
    });
    vi.stubEnv("AWS_ENDPOINT_URL_STS", sts.url);
    return actions;
  }

  test("is assumed with the keys of its profile, rather than those used", async () => {
    const actions = await startSts();
    await setConfig([
      "[profile role]",
      "role_arn = arn:aws:iam::1234:role/reader",
      "source_profile = role",
      "aws_access_key_id = OWN",
      "aws_secret_access_key = own-secret",
    ]);
    vi.stubEnv("AWS_PROFILE", "role");
    expect(await fetchedKeys()).toMatchObject(KEYS);
    expect(actions).toEqual(["AssumeRole"]);
  });

  test("of a container is assumed with its token", async () => {
    const actions = await startSts();
    await setConfig([]);
    await writeFile(join(home, "token"), "of-cluster");
    vi.stubEnv("AWS_WEB_IDENTITY_TOKEN_FILE", join(home, "token"));
    vi.stubEnv("AWS_ROLE_ARN", "arn:aws:iam::1234:role/reader");
    vi.stubEnv("AWS_REGION", "eu-west-1");
    expect(await fetchedKeys()).toMatchObject(KEYS);
    expect(actions).toEqual(["AssumeRoleWithWebIdentity"]);
  });
});

test("a container that names an address gets its keys there", async () => {
  const service = await startService(() => ({
    AccessKeyId: "temporary",
    SecretAccessKey: "hidden",
    Token: "of-session",
    Expiration: "2999-01-01T00:00:00Z",
  }));
  await setConfig([]);
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${service.url}/keys`);
  expect(await fetchedKeys()).toMatchObject(KEYS);
  expect(service.asked).toEqual(["GET /keys"]);
});
