import { describe, expect, test } from "vitest";
import { claimsPrefix } from "../../src/model/claim-path.ts";
import {
  hashedPath,
  hextime,
  INDEX_PATH,
  isSetAsidePrefix,
  PRIVATE_FOLDER,
  parseRevisionName,
  setAsidePrefix,
} from "../../src/model/layout.ts";
import { overviewPath } from "../../src/model/overview-path.ts";
import { kindOf, parseChunkPath, parseRevisionPath, setAsidePath } from "../../src/model/parse-layout.ts";

const DIGEST = "0123456789abcdef0123456789abcdef01234567";
const PATH = "01/23/456789abcdef0123456789abcdef01234567";
const TIME = Date.UTC(2024, 0, 1);
const ID = `${hextime(TIME)}-${DIGEST}`;
const NAME = `${hextime(0)}-${"0".repeat(40)}.${ID}`;

test("a digest is a path of two folders and a name", () => {
  expect(hashedPath(DIGEST)).toBe(PATH);
});

test("a time is 11 hex digits, which sort as times do", () => {
  expect(hextime(0)).toBe("00000000000");
  expect(hextime(255.9)).toBe("000000000ff");
  const times = [0, 1, 16, 2 ** 32, TIME, 2 ** 43];
  expect(times.map(hextime).sort()).toEqual(times.map(hextime));
});

describe("a chunk's path", () => {
  test("tells its digest", () => {
    expect(parseChunkPath(PATH)).toEqual({ digest: DIGEST, original: PATH, setAsideAt: undefined });
  });

  test("tells when it was set aside", () => {
    const path = setAsidePath(PATH, TIME);
    expect(path.startsWith(setAsidePrefix(PATH))).toBe(true);
    expect(parseChunkPath(path)).toEqual({ digest: DIGEST, original: PATH, setAsideAt: TIME });
  });

  test("is told from the prefix of its set-aside copies", () => {
    expect(isSetAsidePrefix(setAsidePrefix(PATH))).toBe(true);
    for (const prefix of [PATH, `${PATH}/`, "", "01/23/", "lakota/index."])
      expect(isSetAsidePrefix(prefix)).toBe(false);
  });
});

test("a revision's name holds its parent and its own id", () => {
  expect(parseRevisionName(NAME)).toEqual({ parent: NAME.slice(0, 52), child: ID });
  expect(parseRevisionPath(`${PATH}/${NAME}`)).toEqual(parseRevisionName(NAME));
  for (const name of ["", ID, `${ID}.${ID}.${ID}`, `${NAME}~`, NAME.toUpperCase()])
    expect(parseRevisionName(name)).toBeUndefined();
  for (const path of [NAME, PATH, `${PATH}/${NAME}/x`, `${PATH}/x`])
    expect(parseRevisionPath(path)).toBeUndefined();
});

test.each([
  [PATH, "chunk"],
  [setAsidePath(PATH, TIME), "set-aside"],
  [`${PATH}/${NAME}`, "revision"],
  [`${PATH}/${NAME}.part`, undefined],
  [`${PATH}.part`, undefined],
  [`${PATH}0`, undefined],
  [PATH.toUpperCase(), undefined],
  [DIGEST, undefined],
  [`x/${PATH}`, undefined],
  [`${PRIVATE_FOLDER}cache/state/used`, undefined],
  [INDEX_PATH, undefined],
  [overviewPath(DIGEST), "overview"],
  [`${overviewPath(DIGEST)}0`, undefined],
  [`${claimsPrefix(DIGEST)}12`, "claim"],
  [`${claimsPrefix(DIGEST)}01`, undefined],
  ["", undefined],
])("the kind of %s is %s", (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});
