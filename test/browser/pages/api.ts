import { cases, runCase } from "../../api/conformance.ts";
import { interchangeFrom, lakotaFrom } from "./dist.ts";

declare global {
  interface Window {
    /** Runs one case of the conformance suite. Returns the error, if it failed. */
    runConformanceCase: (name: string) => Promise<string | undefined>;
  }
}

const { connect, Schema } = await lakotaFrom("/dist/index.js");
const interchange = await interchangeFrom("/dist/interchange.js");

window.runConformanceCase = async (name) => {
  const found = cases.find((candidate) => candidate.name === name);
  if (!found) return `There is no case "${name}".`;
  try {
    await runCase(found, { open: connect, Schema, interchange });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
};
