/** Where a repository is, and the keys to it. Keys live in memory only: never stored, never in an address. */
export interface Settings {
  /** `s3://bucket/prefix`, or `https://host/folder` of a published repository. */
  uri: string;
  /** Of an S3 clone. */
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

/** What of it may be shared. */
const SHARED_FIELDS = ["uri", "endpoint", "region"] as const;

/** The settings that a link names, without keys; undefined where it names none. */
export function parseSettings(search: string): Settings | undefined {
  const query = new URLSearchParams(search);
  const shared = Object.fromEntries(SHARED_FIELDS.map((name) => [name, query.get(name) ?? ""]));
  return query.has("uri") ? { ...EMPTY_SETTINGS, ...shared } : undefined;
}

/** The part of a link that names them. */
export function formatSettings(settings: Settings): string {
  const query = new URLSearchParams();
  for (const name of SHARED_FIELDS) if (settings[name]) query.set(name, settings[name]);
  return `?${query}`;
}
