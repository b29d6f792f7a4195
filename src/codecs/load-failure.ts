import { CodecError } from "numcodecs-wasm/decoder";
import { codeOfNoNetwork } from "../async/lazy.ts";
import { LakotaError } from "../model/errors.ts";

/** How Chromium, Firefox and WebKit say that a Content-Security-Policy forbids WebAssembly. */
const FORBIDDEN = /unsafe-eval|content.security|\bCSP\b/i;

/** Returns the error for codecs whose code could not be loaded. */
export function loadFailure(cause: unknown): LakotaError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof CodecError && cause.code === "unsupported") {
    return new LakotaError("unsupported", message, { cause });
  }
  if (FORBIDDEN.test(message)) {
    const advice =
      "The Content-Security-Policy of the page, or of worker.js, forbids WebAssembly, in which the codecs are written: " +
      "add 'wasm-unsafe-eval' to its script-src.";
    return new LakotaError("unsupported", `${advice} (${message})`, { cause });
  }
  const reason = `The codecs could not be loaded: ${message}`;
  if (!(cause instanceof Error && cause.cause instanceof WebAssembly.CompileError)) {
    return new LakotaError(codeOfNoNetwork(), reason, { cause });
  }
  const advice =
    "This file is not the WebAssembly of this version. Does the server answer with a page where a file is missing? " +
    "decoder.wasm and encoder.wasm belong beside worker.js.";
  return new LakotaError("network", `${reason}. ${advice}`, { cause });
}
