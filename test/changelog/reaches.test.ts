import fc from "fast-check";
import { expect, it } from "vitest";
import { AncestryIndex } from "../../src/changelog/ancestry.ts";
import { ancestors, buildLog } from "../../src/changelog/log.ts";
import { hextime, parseName, ROOT } from "../../src/changelog/revision.ts";

const id = (n: number) => `${hextime(n + 1)}-${n.toString(16).padStart(40, "0")}`;

it("which of some revisions were built on which is what their ancestors tell", () => {
  const histories = fc.array(fc.uniqueArray(fc.nat(40), { maxLength: 3 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(histories, (all) => {
      const names = all.flatMap((parents, n) => {
        const known = parents.filter((parent) => parent < n).map(id);
        return (known.length > 0 ? known : [ROOT]).map((parent) => parseName(`${parent}.${id(n)}`)!);
      });
      const log = buildLog(names);
      const reaches = new AncestryIndex(log, log.ids);
      for (const one of log.ids) {
        const reach = ancestors(log, one);
        for (const other of log.ids) expect(reaches.isAncestorOrSelf(one, other)).toBe(reach.has(other));
      }
    }),
  );
});
