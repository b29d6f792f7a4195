import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { UsageError } from "../options/usage-error.ts";

/** What can stand in a header as it is. */
const TOKEN = /^[!-~]+$/;

/** A token that nobody guesses. */
export const newToken = (): string => randomBytes(24).toString("base64url");

/** @throws UsageError */
export function checkToken(token: string): string {
  if (TOKEN.test(token)) return token;
  throw new UsageError("a token is made of letters, digits and signs, without spaces.");
}

/** Tells whether a request's `Authorization` bears the token, in a time that tells nothing of it. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization = "") => {
    const [, given = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    return timingSafeEqual(digest(given), expected);
  };
}

const digest = (text: string) => createHash("sha256").update(text).digest();
