import { expect, test } from "vitest";
import {
  addressProblem,
  EMPTY_SETTINGS,
  formatSettings,
  parseSettings,
} from "../../demo/connection/settings.ts";
import { writeObstacle } from "../../demo/connection/write-access.ts";

test.each(["s3://bucket", "s3://bucket/prefix", "https://host/folder", "http://127.0.0.1:8080/repo"])(
  "%s is an address",
  (uri) => {
    expect(addressProblem(uri)).toBeUndefined();
  },
);

test("what is no address is told what one looks like", () => {
  expect(addressProblem("demo/v2")).toBe(
    "An address begins with s3:// or https://, for example s3://demo/v2 or https://host/folder.",
  );
  expect(addressProblem("")).toContain("for example s3://bucket/prefix");
  expect(addressProblem("gs://bucket")).toContain("This page cannot open gs:// addresses.");
  expect(addressProblem("s3://")).toContain("s3://bucket/prefix");
});

test("a link contains no key, token or secret", () => {
  const settings = {
    uri: "s3://b/p",
    endpoint: "https://s3.example",
    region: "eu-west-1",
    accessKeyId: "KEY",
    secretAccessKey: "SECRET",
    sessionToken: "SESSION",
    token: "TOKEN",
  };
  const link = formatSettings(settings);
  expect(link).not.toMatch(/KEY|SECRET|SESSION|TOKEN/);
  const { uri, endpoint, region } = settings;
  expect(parseSettings(link)).toEqual({ ...EMPTY_SETTINGS, uri, endpoint, region });
});

const s3 = { ...EMPTY_SETTINGS, uri: "s3://bucket" };
const web = { ...EMPTY_SETTINGS, uri: "https://host/repo?v=1" };
const never = () => Promise.reject(new Error("nothing is to be requested"));

test("a bucket needs a key to be written", async () => {
  expect(await writeObstacle(s3, never)).toMatchObject({ field: "accessKeyId" });
  expect(await writeObstacle({ ...s3, accessKeyId: "KEY" }, never)).toBeUndefined();
});

test("a web host says whether it needs a token or is read-only", async () => {
  const asked: string[] = [];
  const answer = (status: number) => (url: URL) => {
    asked.push(url.href);
    return Promise.resolve({ status });
  };
  expect(await writeObstacle(web, answer(401))).toMatchObject({
    title: "Writing needs a token",
    field: "token",
  });
  expect(await writeObstacle(web, answer(404))).toMatchObject({ title: "This repository is read-only" });
  expect(await writeObstacle(web, never)).toMatchObject({ title: "This repository is read-only" });
  expect(asked[0]).toBe("https://host/repo/?v=1&list=0");
  expect(await writeObstacle({ ...web, token: "TOKEN" }, never)).toBeUndefined();
});
