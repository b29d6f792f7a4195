import { safeText } from "./safe-text.ts";

/** A line of text, and below it a line that marks a place in it: the end of the errors of expressions. */
const EXCERPT = /\n( {2}[^\n]*)\n( *\^+)$/;

/** Formats a message for standard error: on one line, except for an excerpt with a marked place. */
export function errorText(message: string): string {
  const [excerpt, line, carets] = EXCERPT.exec(message) ?? [];
  const sentence = safeText(
    message.slice(0, message.length - (excerpt?.length ?? 0)).replace(/\s*\n\s*/g, " "),
  );
  return line === undefined ? sentence : `${sentence}\n${safeText(line)}\n${carets}`;
}

/** What the codes of the operating system mean. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRINUSE: "the port is already in use",
  EADDRNOTAVAIL: "this machine has no such address",
  EBUSY: "it is in use",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was broken",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  EHOSTUNREACH: "the host cannot be reached",
  EINVAL: "the name is not valid here",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder",
  ELOOP: "its links form a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long for this file system",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is a file",
  ENOTEMPTY: "the folder is not empty",
  ENOTFOUND: "the host is unknown",
  EPERM: "permission denied",
  EPIPE: "the reader has closed it",
  EROFS: "the disk is read-only",
  ETIMEDOUT: "there was no answer in time",
};

const ERRNO = /\bE[A-Z]{3,}\b/;

/** Says why the operating system has refused something, without its codes. */
export function systemReason(error: unknown): string {
  const { code, message = String(error) } = (error ?? {}) as { code?: unknown; message?: string };
  return REASONS[String(code)] ?? REASONS[ERRNO.exec(message)?.[0] ?? ""] ?? withoutErrno(message);
}

/** `ENOENT: no such file or directory, open '/x'`, with what Node adds to it. */
const NODE_MESSAGE = /\b(E[A-Z]{3,}): [^,\n]*(?:, [a-z]+(?: '(?:[^']*)'(?: -> '[^']*')?)?)?/g;
/** `(EACCES)` after the reason in words. */
const IN_PARENTHESES = /\s*\((E[A-Z]{3,})\)/g;

/** Returns a message in which words replace the codes and the calls of the operating system. */
export function withoutErrno(message: string): string {
  return message
    .replace(NODE_MESSAGE, (whole, code: string) => REASONS[code] ?? whole)
    .replace(IN_PARENTHESES, (whole, code: string) => (code in REASONS ? "" : whole));
}

/** Returns the message of an error of the operating system, with the path that it is about. */
export function systemErrorText(error: Error): string {
  const { path, dest, address, port } = error as {
    path?: string;
    dest?: string;
    address?: string;
    port?: number;
  };
  const about =
    path ?? (address === undefined ? undefined : `${address}${port === undefined ? "" : `:${port}`}`);
  const where = about === undefined ? "" : `${about}${dest === undefined ? "" : ` to ${dest}`}: `;
  return `${where}${systemReason(error)}.`;
}
