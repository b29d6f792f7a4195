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
    "It may be down, the address may be wrong, or the server may not allow pages of other sites (CORS). The message below has more.",
    true,
  ],
  offline: ["You are offline", "This data is not on this device yet. Try again when you are back online."],
  corrupt: [
    "The data is corrupt",
    "Twice in a row, the server returned other bytes than those that were written. They are not shown. Try again later, or ask who runs the server.",
  ],
  "not-found": ["Not found", "Check the bucket and its prefix, or choose another series.", true],
  "invalid-argument": [
    "Invalid request",
    "A setting has an invalid value: the message below names it.",
    true,
  ],
  "unsupported-codec": [
    "Unknown compression",
    "A column is compressed in a way that this page cannot read. Deselect the column to see the others.",
  ],
  unsupported: [
    "Not supported here",
    "Either this repository or this browser does not support it. The message below says what is missing.",
    true,
  ],
  quota: [
    "No storage left",
    "The browser does not allow this page any more storage. Free some up, then try again.",
  ],
  crashed: [
    "Reading has crashed",
    "The browser may have run out of memory. Try again, or select a shorter range.",
  ],
};

export function errorText(error: unknown): ErrorText {
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof LakotaError ? error.code : "internal";
  const known = error instanceof LakotaError ? TEXTS[error.code] : undefined;
  const [title, advice, connection = false] = known ?? [
    "Something went wrong",
    "This is probably a fault of this page. Try again; if that does not help, report it with the message below.",
  ];
  return { title, advice, detail, code, connection };
}
