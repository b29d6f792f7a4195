/** The kinds of requests, and how many of all had no usable response and were sent again. */
export interface RequestCounts {
  list: number;
  get: number;
  put: number;
  other: number;
  failed: number;
}

export const NO_REQUESTS: RequestCounts = { list: 0, get: 0, put: 0, other: 0, failed: 0 };

export const addCounts = (a: RequestCounts, b: RequestCounts): RequestCounts => ({
  list: a.list + b.list,
  get: a.get + b.get,
  put: a.put + b.put,
  other: a.other + b.other,
  failed: a.failed + b.failed,
});

/** Returns a `fetch` that counts each attempt. */
export function countingFetch(counts: RequestCounts): (request: Request) => Promise<Response> {
  return async (request) => {
    counts[kindOf(request)]++;
    try {
      const response = await fetch(request);
      if (response.status >= 500 || response.status === 429) counts.failed++;
      return response;
    } catch (error) {
      counts.failed++;
      throw error;
    }
  };
}

function kindOf({ method, url }: Request): "list" | "get" | "put" | "other" {
  if (method === "PUT") return "put";
  if (method !== "GET") return "other";
  return new URL(url).searchParams.has("list-type") ? "list" : "get";
}
