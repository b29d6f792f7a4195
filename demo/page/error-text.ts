import { type ErrorCode, LakotaError } from "lakota";

/** An error in words for whoever looks at the page. */
export interface ErrorText {
  title: string;
  advice: string;
  /** What the library says: it names the thing. */
  detail: string;
  code: string;
  /** Whether other settings of the connection may help. */
  connection: boolean;
}

const TEXTS: Partial<Record<ErrorCode, [title: string, advice: string, connection?: true]>> = {
  forbidden: [
    "Access refused",
    "The server does not accept this key for this bucket. Check the key, its secret and the region.",
    true,
  ],
  network: [
    "No answer from the server",
    "It may be down, the address may be wrong, or its CORS rules may not let this page read from it.",
    true,
  ],
  offline: [
    "You are offline",
    "What was read before is still on this device; this part was not. It will work again with the network.",
  ],
  corrupt: [
    "The data are damaged",
    "What the server sent is not what was once written, even at a second try. Nothing of it is shown.",
  ],
  "not-found": ["Nothing there", "Check the bucket and its prefix, or choose another series.", true],
  "invalid-argument": ["That cannot be", "Something in the request makes no sense.", true],
  "unsupported-codec": [
    "An unknown compression",
    "A column was written with a codec that browsers do not have. Leave that column out.",
  ],
  unsupported: ["This browser cannot do it", "A current Chrome, Firefox or Safari can."],
  quota: ["No room left", "The browser gives this page no more storage. Free some, then try again."],
  crashed: ["The worker stopped", "It starts anew when you try again."],
};

export function errorText(error: unknown): ErrorText {
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof LakotaError ? error.code : "internal";
  const known = error instanceof LakotaError ? TEXTS[error.code] : undefined;
  const [title, advice, connection = false] = known ?? [
    "Something went wrong",
    "This is likely a fault of the page or the library.",
  ];
  return { title, advice, detail, code, connection };
}
