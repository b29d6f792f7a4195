import { afterAll, beforeAll, describe } from "vitest";
import { ourSide } from "./our-side.ts";
import { GROUNDS, type Ground, type Place } from "./places.ts";
import { Python } from "./python.ts";
import { pythonSide } from "./python-side.ts";
import type { Side } from "./side.ts";

/** A new repository, and both libraries at work on it. */
export interface Meeting {
  /** Of the repository, for those who pull from it. */
  readonly name: string;
  readonly place: Place;
  readonly python: Side;
  readonly ours: Side;
  /** For what only Python does. */
  ask(op: string, request: object): Promise<unknown>;
  /** Both at work on another repository, of this name. */
  at(name: string): Meeting;
}

/** Runs tests on disk and on S3. `meet` answers a new repository each time. */
export function onEachGround(tests: (meet: () => Meeting, ground: string) => void): void {
  describe.each(Object.entries(GROUNDS))("%s", (name, prepare) => {
    let python: Python;
    let ground: Ground;
    let repos = 0;
    beforeAll(async () => {
      python = new Python();
      ground = await prepare();
    });
    afterAll(async () => {
      python.close();
      await ground.close();
    });
    const at = (name: string): Meeting => {
      const place = ground.place(name);
      return {
        name,
        place,
        at,
        python: pythonSide(python, place),
        ours: ourSide(place),
        ask: (op, request) => python.ask(op, { uri: place.pythonUri, ...request }),
      };
    };
    tests(() => at(`repo-${++repos}`), name);
  });
}

/** Both libraries, each as the writer once. */
export const ROLES = [
  { writer: "python", reader: "ours" },
  { writer: "ours", reader: "python" },
] as const satisfies { writer: keyof Meeting; reader: keyof Meeting }[];
export type Roles = { writer: Side; reader: Side };
