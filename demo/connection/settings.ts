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
}

export const EMPTY_SETTINGS: Settings = {
  uri: "",
  endpoint: "",
  region: "",
  accessKeyId: "",
  secretAccessKey: "",
};

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
