import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { Gate } from "../../src/cli/serve/gate.ts";

const gate = new Gate({ hosts: ["data.example"], origins: ["https://app.example"] });
const request = (host: string | undefined, origin?: string) =>
  ({ headers: { host, origin } }) as Partial<IncomingMessage> as IncomingMessage;
const isRefused = (host: string | undefined, origin?: string, by = gate) =>
  by.refusal(request(host, origin))?.status === 403;

describe("a server answers", () => {
  test.each([
    ["127.0.0.1:8080", undefined],
    ["localhost:8080", undefined],
    ["[::1]:8080", undefined],
    ["192.168.1.5:8080", undefined],
    ["DATA.example", undefined],
    ["localhost:8080", "http://localhost:8080"],
    ["127.0.0.1:8080", "http://localhost:5173"],
    ["127.0.0.1:8080", "http://app.localhost:3000"],
    ["data.example", "https://data.example"],
    ["data.example", "https://app.example"],
  ])("as %s, pages of %s", (host, origin) => {
    expect(isRefused(host, origin)).toBe(false);
    const headers = gate.headers(request(host, origin));
    expect(headers["access-control-allow-origin"]).toBe(origin);
    expect(headers.vary).toBe("origin");
  });

  test.each([
    ["evil.example:8080", undefined],
    ["evil.example:8080", "http://evil.example:8080"],
    ["localhost.evil.example", undefined],
    ["127.0.0.1.evil.example", undefined],
    [undefined, undefined],
    ["not a host", undefined],
    ["localhost:8080", "https://evil.example"],
    ["localhost:8080", "https://localhost.evil.example"],
    ["localhost:8080", "null"],
    ["localhost:8080", "http://app.example"],
  ])("neither as %s, nor pages of %s", (host, origin) => {
    expect(isRefused(host, origin)).toBe(true);
  });

  test("pages of any origin if told so, under its own names", () => {
    const open = new Gate({ hosts: [], origins: ["*"] });
    expect(isRefused("localhost", "https://anyone.example", open)).toBe(false);
    expect(isRefused("evil.example", "https://anyone.example", open)).toBe(true);
  });
});
