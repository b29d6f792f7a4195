/** Where a repository is, and the keys to it. Lives in memory only: never stored, never in an address. */
export interface Settings {
  endpoint: string;
  /** `bucket` or `bucket/prefix`. */
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export const EMPTY_SETTINGS: Settings = {
  endpoint: "",
  bucket: "",
  region: "us-east-1",
  accessKeyId: "",
  secretAccessKey: "",
};
