/**
 * The address of a repository and the keys to it. Keys are kept in memory only: never stored, never in a URL.
 */
export interface Settings {
  /** `s3://bucket/prefix`, or `https://host/folder` of a published repository. */
  uri: string;
  /** URL of an S3-compatible server; empty for Amazon S3. */
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Belongs to temporary access keys. */
  sessionToken: string;
  /** Permits writing to a web host, such as `lakota serve --writable`. */
  token: string;
}

export const EMPTY_SETTINGS: Settings = {
  uri: "",
  endpoint: "",
  region: "",
  accessKeyId: "",
  secretAccessKey: "",
  sessionToken: "",
  token: "",
};

/** The repository of generated series, in the browser's own storage. */
export const SAMPLE_SETTINGS: Settings = { ...EMPTY_SETTINGS, uri: "indexeddb://sample" };

/** Whether a repository is in the browser's own storage, which others cannot open. */
export const isInBrowser = ({ uri }: Pick<Settings, "uri">): boolean => uri.startsWith("indexeddb:");

/** The fields that links contain. */
const SHARED_FIELDS = ["uri", "endpoint", "region"] as const;

/** Parses the query of a link to settings without keys. Undefined if it names no repository. */
export function parseSettings(search: string): Settings | undefined {
  const query = new URLSearchParams(search);
  const shared = Object.fromEntries(SHARED_FIELDS.map((name) => [name, query.get(name) ?? ""]));
  return query.has("uri") ? { ...EMPTY_SETTINGS, ...shared } : undefined;
}

/** Formats settings, without keys, as the query of a link. */
export function formatSettings(settings: Settings): string {
  const query = new URLSearchParams();
  for (const name of SHARED_FIELDS) if (settings[name]) query.set(name, settings[name]);
  return `?${query}`;
}

/** Returns what is wrong with the address of a repository, and how to write it; undefined if nothing is. */
export function addressProblem(uri: string): string | undefined {
  const [, scheme, rest = ""] = /^(\w+):\/\/(.*)$/.exec(uri) ?? [];
  if (scheme === undefined) {
    const example = uri === "" || /\s/.test(uri) ? "s3://bucket/prefix" : `s3://${uri}`;
    return `An address begins with s3:// or https://, for example ${example} or https://host/folder.`;
  }
  if (!/^(s3|https?|indexeddb)$/.test(scheme))
    return `This page cannot open ${scheme}:// addresses. An address begins with s3:// or https://.`;
  return rest === ""
    ? `What comes after ${scheme}:// is missing, such as ${scheme}://${scheme === "s3" ? "bucket/prefix" : "host/folder"}.`
    : undefined;
}

/** Returns the web address of a repository that a web host serves; undefined for other repositories. */
export const webAddress = ({ uri }: Settings): URL | undefined =>
  /^https?:/.test(uri) && URL.canParse(uri) ? new URL(uri) : undefined;
