import { checkCodec, MAX_CODECS, VALUE_CODECS } from "./codec-names.ts";
import { type DType, isFixed } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import type { Column } from "./schema.ts";

/**
 * Checks that what the codecs of a new column encode can be decoded again, here and by Python. This is not done by the
 * constructor of a schema, because the page has no codecs, and stored schemas may have codecs that can only be read.
 *
 * @throws `invalid-schema`, `unsupported-codec`
 */
export function checkCodecs({ name, dtype, codecs }: Column): void {
  const invalid = (text: string) => new LakotaError("invalid-schema", `Column "${name}": ${text}`);
  codecs.forEach((codec, position) => {
    checkCodec(codec, name);
    if (VALUE_CODECS.includes(codec) && position > 0) throw invalid(`${codec} can only be the first codec.`);
  });
  if (!isFixed(dtype) && !VALUE_CODECS.includes(codecs[0]!)) {
    throw invalid(`items of type ${dtype.name} have no fixed size: begin the codecs with msgpack2 or json2.`);
  }
  if (codecs[0] === "vlen-utf8" && isFixed(dtype))
    throw invalid("vlen-utf8 is for columns of type str or O.");
  if (VALUE_CODECS.includes(codecs[0]!) && !hasItems(dtype, codecs[0]!)) {
    throw invalid(`${codecs[0]} cannot hold items of type ${dtype.name}. Use blosc or zstd.`);
  }
  if (codecs.length > MAX_CODECS) throw invalid(`a column can have at most ${MAX_CODECS} codecs.`);
  if (codecs.at(-1) === "shuffle")
    throw invalid("shuffle needs a compressor after it, as in shuffle | zstd.");
  if (codecs.includes("shuffle", 1)) throw invalid("shuffle can only be the first codec.");
  if (codecs[0] === "shuffle" && dtype.size % 4 !== 0) {
    throw invalid(`shuffle takes items of 4, 8, … bytes, and ${dtype.name} has ${dtype.size}.`);
  }
}

/** Whether msgpack2 and json2 of Python can represent single items of `dtype`. */
function hasItems(dtype: DType, codec: string): boolean {
  if (dtype.unit) return dtype.unit === "ns"; // coarser times become Python objects that neither codec knows
  return dtype.kind !== "complex" && (dtype.kind !== "bytes" || codec === "msgpack2");
}
