import type { LabelPages } from "../../demo/series/label-pages.ts";
import { compareStrings } from "../../src/model/key.ts";

type Asked = Parameters<LabelPages["ls"]>[0];

/** Labels in memory, listed as a collection lists them. */
export function pagesOf(labels: readonly string[]) {
  return {
    sorted: [...labels].sort(compareStrings),
    asked: [] as Asked[],
    /** Labels that were listed in all. */
    answered: 0,
    failure: undefined as Error | undefined,
    async ls(asked: Asked): Promise<string[]> {
      this.asked.push(asked);
      asked.signal?.throwIfAborted();
      if (this.failure) throw this.failure;
      const { prefix = "", after, limit } = asked;
      const listed = this.sorted
        .filter((label) => label.startsWith(prefix))
        .filter((label) => after === undefined || compareStrings(label, after) > 0)
        .slice(0, limit);
      this.answered += listed.length;
      return listed;
    },
  };
}
