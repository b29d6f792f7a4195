import type { Repo, RepoStatus } from "lakota";

/** A time, and the repo's counters at that time. */
export interface CostStart {
  time: number;
  status: Pick<RepoStatus, "fetched" | "cached" | "requests">;
}

/** What a read took. Bytes are counted as stored: compressed. */
export interface ReadCost {
  milliseconds: number;
  fetched: number;
  cached: number;
  requests: number;
}

export const ZERO_COST: CostStart = { time: 0, status: { fetched: 0, cached: 0, requests: 0 } };

/** Returns the counters of now. `repo` is undefined before one is open. */
export const costStart = async (repo: Repo | undefined): Promise<CostStart> => ({
  time: performance.now(),
  status: (await repo?.status()) ?? ZERO_COST.status,
});

export const costSince = ({ time, status }: CostStart, now: RepoStatus): ReadCost => ({
  milliseconds: performance.now() - time,
  fetched: now.fetched - status.fetched,
  cached: now.cached - status.cached,
  requests: now.requests - status.requests,
});
