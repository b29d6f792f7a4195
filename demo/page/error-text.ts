import { type ErrorCode, LakotaError } from "lakota";

/** The explanation of an error for users of the page. */
export interface ErrorText {
  title: string;
  advice: string;
  /** The library's message, which names the label, path or column. */
  detail: string;
  code: string;
  /** Whether changing the connection may help. */
  connection: boolean;
}

const TEXTS: Partial<Record<ErrorCode, [title: string, advice: string, connection?: true]>> = {
  forbidden: [
    "Access denied",
    "The server does not accept this key for this bucket. Check the key, the secret and the region.",
    true,
  ],
  network: [
    "No response from the server",
    "It may be down, the address may be wrong, or its CORS rules may not allow this page to read from it.",
    true,
  ],
  offline: [
    "You are offline",
    "These data were not read before, so they are not on this device. Try again when the network is back.",
  ],
  corrupt: [
    "The data are corrupt",
    "The server returned bytes that differ from those written, also on a second attempt. They are not shown.",
  ],
  "not-found": ["Not found", "Check the bucket and its prefix, or choose another series.", true],
  "invalid-argument": ["Invalid request", "A setting or an option has an invalid value.", true],
  "unsupported-codec": [
    "Unknown compression",
    "A column was written with a codec that this page does not support. Deselect that column.",
  ],
  unsupported: [
    "Not possible here",
    "This repository, or this browser, does not support it. The message below names what is missing.",
    true,
  ],
  quota: ["No storage left", "The browser allows this page no more storage. Free some, then try again."],
  crashed: ["The worker crashed", "A new one starts when you try again."],
};

export function errorText(error: unknown): ErrorText {
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof LakotaError ? error.code : "internal";
  const known = error instanceof LakotaError ? TEXTS[error.code] : undefined;
  const [title, advice, connection = false] = known ?? [
    "Something went wrong",
    "This is probably a bug in the page or in the library.",
  ];
  return { title, advice, detail, code, connection };
}
