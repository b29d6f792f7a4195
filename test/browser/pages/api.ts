import { cases, runCase } from "../../api/conformance.ts";
import { interchangeFrom, lakotaFrom } from "./dist.ts";

declare global {
  interface Window {
    /** Runs one case of the conformance suite; says how it failed, if it did. */
    conforms: (name: string) => Promise<string | undefined>;
  }
}

const { connect, Schema } = await lakotaFrom("/dist/index.js");
const interchange = await interchangeFrom("/dist/interchange.js");

window.conforms = async (name) => {
  const found = cases.find((one) => one.name === name);
  if (!found) return "there is no such case";
  try {
    await runCase(found, { open: connect, Schema, interchange });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
};
