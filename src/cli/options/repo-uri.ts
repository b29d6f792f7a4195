/** The repo without `--repo` and LAKOTA_REPO, as in Python Lakota. */
const DEFAULT_REPO = ".lakota";

/**
 * Returns the URI in a text, or several that form a stack, the nearest first: `cache s3://bucket/prefix`. A space is a
 * separator only before a scheme, so paths may contain spaces.
 */
export function parseRepoUri(text: string): string | string[] {
  const uris = text.trim().split(/\s+(?=[a-z][a-z\d+.-]+:\/\/)/i);
  return uris.length > 1 ? uris : uris[0]!;
}

/** Returns the URI, or URIs, of the command line, else of the environment, else the default. */
export function chosenRepo(options: readonly string[] | undefined, environment: string | undefined) {
  const uris = (options ?? [environment || DEFAULT_REPO]).flatMap(parseRepoUri);
  return uris.length > 1 ? uris : uris[0]!;
}
