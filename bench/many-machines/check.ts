import type { Repo } from "../../src/node.ts";
import { openShared } from "./access.ts";
import { CONTESTED, type Setting, shardLabel } from "./setting.ts";
import { type LoggedCommit, type LoggedRow, readLog } from "./writer-log.ts";

export interface Checked {
  /** What is wrong; empty if nothing acknowledged is lost and nothing else was found. */
  readonly problems: readonly string[];
  /** Acknowledged rows that were read back. */
  readonly rows: number;
  readonly revisions: number;
  /** Revisions that join others, and how many at most. */
  readonly merges: number;
  readonly mostJoined: number;
  /** Conflicts that the last merge found. */
  readonly conflicts: number;
}

const rowText = ({ time, writer, number }: Omit<LoggedRow, "label">): string => `${time} ${writer} ${number}`;

/** Merges what is left to merge, and compares the repository with what the writers logged. */
export async function check(setting: Setting, logs: readonly string[]): Promise<Checked> {
  const repo = await openShared(setting);
  try {
    const commits = logs.flatMap(readLog);
    const shards = await Promise.all(
      Array.from({ length: setting.collections }, (_, shard) => checkShard(repo, shard, commits)),
    );
    const { problems: damaged } = await repo.verify();
    const sum = (key: "rows" | "revisions" | "merges" | "conflicts") =>
      shards.reduce((total, shard) => total + shard[key], 0);
    return {
      problems: [...shards.flatMap(({ problems }) => problems), ...damaged.map(({ message }) => message)],
      rows: sum("rows"),
      revisions: sum("revisions"),
      merges: sum("merges"),
      mostJoined: Math.max(...shards.map(({ mostJoined }) => mostJoined)),
      conflicts: sum("conflicts"),
    };
  } finally {
    repo.close();
  }
}

async function checkShard(repo: Repo, shard: number, all: readonly LoggedCommit[]): Promise<Checked> {
  const collection = await repo.collection(shardLabel(shard));
  const { conflicts } = await collection.merge();
  const log = await collection.log();
  const merges = log.filter(({ parents }) => parents.length > 1);
  const commits = all.filter((commit) => commit.shard === shard);
  const labels = [...new Set(commits.flatMap(({ rows }) => rows.map(({ label }) => label)))];
  const frames = await collection.read(labels, { numbers: true });
  const problems: string[] = [];
  let found = 0;
  for (const label of labels) {
    const frame = frames.get(label)!;
    const [times, writers, numbers] = ["time", "writer", "number"].map((name) => frame.numbers(name));
    const stored = Array.from({ length: frame.length }, (_, i) =>
      rowText({ time: times![i]!, writer: writers![i]!, number: numbers![i]! }),
    );
    const inSeries = ({ rows }: LoggedCommit) => rows.filter((row) => row.label === label).map(rowText);
    const acknowledged = commits.filter(({ outcome }) => outcome === "acknowledged").flatMap(inSeries);
    const attempted = new Set(commits.flatMap(inSeries));
    const present = new Set(stored);
    if (present.size < stored.length) problems.push(`${label} has rows twice.`);
    const invented = stored.filter((row) => !attempted.has(row));
    if (invented.length > 0)
      problems.push(`${label} has rows that nobody wrote: ${invented.slice(0, 3).join("; ")}`);
    // Of the contested row, the latest stays.
    const lost = acknowledged.filter((row) => !present.has(row));
    const isLost = label === CONTESTED ? acknowledged.length > 0 && stored.length !== 1 : lost.length > 0;
    if (isLost)
      problems.push(`${lost.length} acknowledged rows of ${label} are lost: ${lost.slice(0, 3).join("; ")}`);
    found += acknowledged.length - lost.length;
  }
  return {
    problems,
    rows: found,
    revisions: log.length,
    merges: merges.length,
    mostJoined: Math.max(1, ...merges.map(({ parents }) => parents.length)),
    conflicts: conflicts.length,
  };
}
