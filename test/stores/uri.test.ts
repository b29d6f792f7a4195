import { describe, expect, test } from "vitest";
import { openStore } from "../../src/stores/open.ts";
import { withoutSecrets } from "../../src/stores/uri.ts";

describe("an address in a message", () => {
  test.each([
    ["https://ada:hunter2@host/folder", "https://host/folder"],
    ["https://host/folder?sig=hunter2", "https://host/folder"],
    ["s3://AKIA:hunt/er2@bucket/prefix", "s3://bucket/prefix"],
    ["AKIA:hunter2@bucket", "bucket"],
    ["https://host/folder", "https://host/folder"],
    ["bucket", "bucket"],
  ])("%s is %s", (address, shown) => {
    expect(withoutSecrets(address)).toBe(shown);
  });

  test.each([
    ["https://ada:hunter2@127.0.0.1:1/folder", {}],
    ["s3://bucket", { endpoint: "https://AKIA:hunter2@127.0.0.1:1" }],
    ["s3://bucket", { endpoint: "https://127.0.0.1:1/?sig=hunter2" }],
    ["s3://AKIA:hunter2@bucket/x", {}],
    ["s3://bucket/x?secret=hunter2", {}],
    ["s3://bucket/100%/x?region=hunter2", {}],
  ])("%s with %o shows no secret", (uri, options) => {
    const open = () => openStore(uri, options);
    expect(open).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect(open).not.toThrow(/hunter2/);
  });
});
