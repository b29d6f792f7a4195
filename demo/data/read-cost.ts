import type { Repo, RepoStatus } from "lakota";

/** A moment, and what a repo had done until then. */
export interface CostStart {
  time: number;
  status: RepoStatus;
}

/** What it took to get what is shown. Bytes are those stored: compressed. */
export interface ReadCost {
  milliseconds: number;
  fetched: number;
  cached: number;
  requests: number;
  /** Since the repo was opened. */
  total: RepoStatus;
}

export const ZERO_COST: CostStart = {
  time: 0,
  status: {
    fetched: 0,
    cached: 0,
    requests: 0,
    kept: 0,
    pinned: 0,
    waiting: 0,
    online: true,
    staleSince: undefined,
  },
};

export const costStart = async (repo: Repo | undefined): Promise<CostStart> => ({
  time: performance.now(),
  status: (await repo?.status()) ?? ZERO_COST.status,
});

export const costSince = ({ time, status }: CostStart, total: RepoStatus): ReadCost => ({
  milliseconds: performance.now() - time,
  fetched: total.fetched - status.fetched,
  cached: total.cached - status.cached,
  requests: total.requests - status.requests,
  total,
});
