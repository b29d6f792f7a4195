/**
 * Returns why a version cannot be released: it must have a section of CHANGELOG.md, and nothing must be unreleased.
 *
 * @param text of CHANGELOG.md
 */
export function changelogProblems(text: string, version: string): string[] {
  const sections = text.split(/^## /m).slice(1);
  const unreleased = sections.find((section) => /^\[?Unreleased/.test(section));
  const isNamed = sections.some((section) => /^\[?([^\]\s]+)/.exec(section)?.[1] === version);
  return [
    ...(isNamed ? [] : [`CHANGELOG.md has no section "## ${version}"`]),
    ...(unreleased?.includes("\n- ")
      ? [`CHANGELOG.md: move what is below "## Unreleased" to "## ${version}"`]
      : []),
  ];
}
