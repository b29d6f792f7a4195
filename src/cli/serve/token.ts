import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { UsageError } from "../options/usage-error.ts";

/** Characters that a header can carry unescaped. */
const TOKEN = /^[!-~]+$/;

/** Returns a random token of 192 bits. */
export const newToken = (): string => randomBytes(24).toString("base64url");

/** @throws UsageError */
export function checkToken(token: string): string {
  if (TOKEN.test(token)) return token;
  throw new UsageError("a token must consist of printable ASCII characters without spaces.");
}

/** Returns a check of a request's `Authorization` header for the token, in constant time. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization = "") => {
    const [, candidate = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    return timingSafeEqual(digest(candidate), expected);
  };
}

const digest = (text: string) => createHash("sha256").update(text).digest();
