import { CodecError } from "./errors.ts";
import { simdSupported } from "./simd.ts";

/** A WebAssembly module: its URL, its bytes, or the compiled module. */
export type ModuleSource = URL | BufferSource | WebAssembly.Module;

/**
 * Compiles a module, while it downloads if the platform supports that.
 *
 * @throws CodecError `unsupported` where WebAssembly SIMD is missing.
 */
export async function compileModule(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (!simdSupported()) {
    throw new CodecError(
      "unsupported",
      "numcodecs-wasm needs WebAssembly SIMD, which this browser lacks; update it.",
    );
  }
  return source instanceof URL ? compileFrom(source) : WebAssembly.compile(source);
}

async function compileFrom(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === "file:" && globalThis.process) {
    // Neither an import nor a plain `process`: bundlers for browsers would resolve the module, or add a polyfill.
    const { readFile } = globalThis.process.getBuiltinModule("node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const isWasm = response.headers.get("content-type")?.split(";")[0]?.trim() === "application/wasm";
    // Streaming compilation rejects files that the server sends with another content type.
    return await (isWasm
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));
  } catch (cause) {
    throw new Error(`Cannot load ${url.href}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Memoises an asynchronous function: all calls share the first success, and a failed call is retried by the next. */
export function once<Argument, Result>(
  load: (argument?: Argument) => Promise<Result>,
): (argument?: Argument) => Promise<Result> {
  let pending: Promise<Result> | undefined;
  return (argument) => {
    if (!pending) {
      const attempt = load(argument);
      attempt.catch(() => {
        if (pending === attempt) pending = undefined;
      });
      pending = attempt;
    }
    return pending;
  };
}
