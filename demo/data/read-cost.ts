import type { RepoStatus } from "lakota";

/** A time, and the repo's counters at that time. */
export interface CostMoment {
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

export const ZERO_COST: CostMoment = { time: 0, status: { fetched: 0, cached: 0, requests: 0 } };

export const costBetween = (start: CostMoment, end: CostMoment): ReadCost => ({
  milliseconds: end.time - start.time,
  fetched: end.status.fetched - start.status.fetched,
  cached: end.status.cached - start.status.cached,
  requests: end.status.requests - start.status.requests,
});
