import { expect, test } from "vitest";
import { changelogProblems } from "../../scripts/package/changelog-problems.ts";

test("a release needs a section of exactly its version, and nothing unreleased", () => {
  const text =
    "# Changes\n\n## Unreleased\n\n## 0.1.10 - 2026-11-24\n\n- New.\n\n## [0.2.0-beta]\n\n- Newer.\n";
  expect(changelogProblems(text, "0.1.10")).toEqual([]);
  expect(changelogProblems(text, "0.2.0-beta")).toEqual([]);
  for (const version of ["0.1.1", "0.2.0"])
    expect(changelogProblems(text, version)).toEqual([`CHANGELOG.md has no section "## ${version}"`]);
  expect(changelogProblems(text.replace("Unreleased\n", "Unreleased\n\n- Next.\n"), "0.1.10")).toHaveLength(
    1,
  );
});
