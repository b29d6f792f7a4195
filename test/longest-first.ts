import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest, ten seconds and more. The processes of the first keep both cores busy for a minute. */
const LONGEST = [
  "soak/soak",
  "history/history",
  "reliability/changes",
  "examples/examples",
  "cli/verbs",
  "interchange/roundtrip",
  "examples/headers",
  "cli/csv",
  "stores/s3-server",
  "format/golden",
  "engine/partial-states",
  "cli/serve-writable",
  "reliability/reads",
  "cli/errors",
  "reliability/hostile-arguments",
  "packaging/package",
  "api/engine",
].map((name) => `/test/${name}.test.ts`);

/**
 * Starts the files that take longest first, so that no worker is left with one of them at the end. Without durations
 * of an earlier run, as in CI, Vitest goes by the sizes of files, which say little.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return index < 0 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
