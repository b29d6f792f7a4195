import { describe, test } from "vitest";
import { openRepo, Schema } from "../../src/engine.ts";
import * as interchange from "../../src/interchange.ts";
import { cases, runCase } from "./conformance.ts";

describe("openRepo, on this thread", () => {
  for (const one of cases) test(one.name, () => runCase(one, { open: openRepo, Schema, interchange }));
});
