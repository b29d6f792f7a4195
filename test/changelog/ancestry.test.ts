import fc from "fast-check";
import { expect, it } from "vitest";
import { AncestryIndex } from "../../src/changelog/ancestry.ts";
import { buildLog } from "../../src/changelog/log.ts";
import { ancestors } from "../../src/changelog/log-lookup.ts";
import { parseName, ROOT } from "../../src/changelog/revision.ts";
import { hextime } from "../../src/model/layout.ts";

const id = (n: number) => `${hextime(n + 1)}-${(n + 1).toString(16).padStart(40, "0")}`;

it("an ancestry index agrees with the sets of ancestors", () => {
  const histories = fc.array(fc.uniqueArray(fc.nat(40), { maxLength: 3 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(histories, (all) => {
      const names = all.flatMap((parents, n) => {
        const known = parents.filter((parent) => parent < n).map(id);
        return (known.length > 0 ? known : [ROOT]).map((parent) => parseName(`${parent}.${id(n)}`)!);
      });
      const log = buildLog(names);
      const index = new AncestryIndex(log, log.ids);
      for (const one of log.ids) {
        const expected = ancestors(log, one);
        for (const other of log.ids) expect(index.descendsFrom(one, other)).toBe(expected.has(other));
      }
    }),
  );
});
