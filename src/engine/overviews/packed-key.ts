import type { Key } from "../../model/key.ts";

/** A key value in JSON, which has neither bigint nor NaN. */
type PackedValue = string | { bigint: string } | { number: string };

/** A key as JSON can hold it. */
export type PackedKey = readonly PackedValue[];

export const packKey = (key: Key): PackedKey =>
  key.map((value) =>
    typeof value === "string"
      ? value
      : typeof value === "bigint"
        ? { bigint: `${value}` }
        : { number: `${value}` },
  );

/** @throws SyntaxError or TypeError for what {@link packKey} does not return */
export const unpackKey = (key: PackedKey): Key =>
  key.map((value) =>
    typeof value === "string" ? value : "bigint" in value ? BigInt(value.bigint) : Number(value.number),
  );
