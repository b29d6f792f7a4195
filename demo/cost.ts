import type { Repo, RepoStatus } from "lakota";

/** A moment, and what a repo had done until then. */
export interface Beginning {
  time: number;
  status: RepoStatus;
}

/** What it took to get what is shown. Bytes are those stored: compressed. */
export interface Cost {
  milliseconds: number;
  fetched: number;
  cached: number;
  requests: number;
  /** Since the repo was opened. */
  total: RepoStatus;
}

export const NOTHING_DONE: Beginning = {
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

export const beginning = async (repo: Repo | undefined): Promise<Beginning> => ({
  time: performance.now(),
  status: (await repo?.status()) ?? NOTHING_DONE.status,
});

export const costSince = ({ time, status }: Beginning, total: RepoStatus): Cost => ({
  milliseconds: performance.now() - time,
  fetched: total.fetched - status.fetched,
  cached: total.cached - status.cached,
  requests: total.requests - status.requests,
  total,
});
