/** The repo without `--repo` and LAKOTA_REPO, as in Python Lakota. */
const DEFAULT_REPO = ".lakota";

/**
 * Returns the URIs in a text; several form a stack, the nearest first: `cache s3://bucket/prefix`. A space is a separator only
 * before a scheme, so paths may contain spaces.
 */
export const parseRepoUri = (text: string): string[] => text.trim().split(/\s+(?=[a-z][a-z\d+.-]+:\/\/)/i);

/** Returns the URIs, or names of remotes, of the command line, else of the environment, else the default. */
export const chosenRepo = (
  options: readonly string[] | undefined,
  environment: string | undefined,
): string[] => (options ?? [environment || DEFAULT_REPO]).flatMap(parseRepoUri);
