/** Where a repo is looked for when nobody says: as Python Lakota does. */
const DEFAULT_REPO = ".lakota";

/**
 * The URI in a text, or the stack of those in it, the nearest first: `cache s3://bucket/prefix`. A space only separates where
 * a scheme follows, so a path may have spaces.
 */
export function parseRepoUri(text: string): string | string[] {
  const uris = text.trim().split(/\s+(?=[a-z][a-z\d+.-]+:\/\/)/i);
  return uris.length > 1 ? uris : uris[0]!;
}

/** The repo that a command line, else the environment, means. */
export function chosenRepo(given: readonly string[] | undefined, environment: string | undefined) {
  const uris = (given ?? [environment || DEFAULT_REPO]).flatMap(parseRepoUri);
  return uris.length > 1 ? uris : uris[0]!;
}
