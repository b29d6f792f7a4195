import { type ConnectOptions, connect, LakotaError } from "lakota";
import { compareWithGolden, type Expected, type Report } from "../../format/golden.ts";
import { ideal } from "../../format/ideal.ts";

/** The result of a read, summarised in values that can be sent to the test. */
export interface ReadSummary {
  rows?: number;
  first?: number;
  last?: number;
  sum?: number;
  type?: string;
  error?: { code: string; message: string };
}

const golden = async (name: string) => (await fetch(`/test/golden/${name}.expected.json`)).json();

/** Compares a golden repository, read through a worker, with its expected contents. */
async function compare(name: string, options: ConnectOptions): Promise<Report> {
  const others = { f_merged: await golden("f_merged"), f_diverged: await golden("f_diverged") };
  const expected: Expected = { ...(await golden(name)), name };
  const repo = await connect(`s3://golden/${name}`, options);
  const report = await compareWithGolden(
    repo,
    ideal(expected, (other) => others[other as keyof typeof others]),
  );
  repo.close();
  return report;
}

async function read(
  uri: string,
  collection: string,
  label: string,
  options: ConnectOptions,
): Promise<ReadSummary> {
  const repo = await connect(uri, options);
  try {
    const frame = await (await repo.collection(collection)).series(label).read({ numbers: true });
    const t = frame.numbers("timestamp");
    let sum = 0;
    for (const value of frame.numbers("value")) sum += value;
    return { rows: frame.length, first: t[0]!, last: t.at(-1)!, sum, type: t.constructor.name };
  } catch (error) {
    if (error instanceof LakotaError) return { error: { code: error.code, message: error.message } };
    throw error;
  } finally {
    repo.close();
  }
}

declare global {
  interface Window {
    compare: typeof compare;
    read: typeof read;
  }
}
window.compare = compare;
window.read = read;
