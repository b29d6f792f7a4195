import { CodecError } from "./errors.ts";
import { simdSupported } from "./simd.ts";

/** Where a WebAssembly module comes from: its address, its bytes, or the compiled module. */
export type ModuleSource = URL | BufferSource | WebAssembly.Module;

/**
 * Compiles a module, while it is still downloading where the platform can.
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
  if (url.protocol === "file:" && typeof process === "object") {
    // Not an import: bundlers for the browser would look for the module.
    const { readFile } = process.getBuiltinModule("node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot load ${url.href}: HTTP ${response.status}`);
  const isWasm = response.headers.get("content-type")?.split(";")[0]?.trim() === "application/wasm";
  // A server that does not know the type of .wasm files makes streaming compilation refuse them.
  return isWasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Remembers the first success of an asynchronous function: later calls share it, a failure is tried again. */
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
