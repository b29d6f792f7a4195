import { cases, runCase } from "../../api/conformance.ts";

declare global {
  interface Window {
    /** Lakota as a page without a bundler loads it: from dist/, worker and all. */
    lakota: typeof import("lakota");
    /** Runs one case of the conformance suite; says how it failed, if it did. */
    conforms: (name: string) => Promise<string | undefined>;
  }
}

const dist = "/dist/index.js";
window.lakota = await import(/* @vite-ignore */ dist);

window.conforms = async (name) => {
  const found = cases.find((one) => one.name === name);
  if (!found) return "there is no such case";
  try {
    const { connect, Schema } = window.lakota;
    await runCase(found, { open: connect, Schema });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
};
