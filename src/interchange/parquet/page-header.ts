import { ByteReader } from "./byte-reader.ts";

/** What the header of a page says. */
export interface PageHeader {
  type: "data" | "data2" | "dictionary";
  /** Where its content starts. */
  start: number;
  /** Bytes of content. */
  compressed: number;
  /** Bytes of repetition levels, and of definition levels after them, before the compressed part of a page of version 2. */
  repetitions: number;
  definitions: number;
  isCompressed: boolean;
  /** Number of values, empty ones included. */
  values: number;
  /** Number of empty values, where it is stated. */
  nulls: number;
  /** Number of the encoding. */
  encoding: number;
}

/** By number. There are no index pages in files. */
const TYPES = ["data", undefined, "dictionary", "data2"] as const;

type Fields = Map<number, number | boolean | Fields>;

/** Reads the header of a page. @throws RangeError where something is missing, or a type does not exist */
export function readPageHeader(bytes: Uint8Array, at: number): PageHeader {
  const reader = new ByteReader(bytes, at);
  const fields = readStruct(reader);
  const number = (from: Fields, id: number): number => {
    const value = from.get(id);
    if (typeof value === "number") return value;
    throw new RangeError(`A page header lacks field ${id}`);
  };
  const type = TYPES[number(fields, 1)];
  if (!type) throw new RangeError(`There is no page type ${number(fields, 1)}`);
  const own = fields.get({ data: 5, dictionary: 7, data2: 8 }[type]);
  if (!(own instanceof Map)) throw new RangeError(`A page header has no part of its type, ${type}`);
  const isV2 = type === "data2";
  number(fields, 2);
  if (isV2) number(own, 3);
  return {
    type,
    start: reader.at,
    compressed: number(fields, 3),
    repetitions: isV2 ? number(own, 6) : 0,
    definitions: isV2 ? number(own, 5) : 0,
    isCompressed: !isV2 || own.get(7) !== false,
    values: number(own, 1),
    nulls: isV2 ? number(own, 2) : 0,
    encoding: number(own, isV2 ? 4 : 2),
  };
}

function readStruct(reader: ByteReader): Fields {
  const fields: Fields = new Map();
  let id = 0;
  for (let head = reader.byte(); (head & 15) !== 0; head = reader.byte()) {
    id = head >> 4 ? id + (head >> 4) : reader.zigzag();
    fields.set(id, readValue(reader, head & 15));
  }
  return fields;
}

/** Reads a value of a type of Thrift's compact protocol: numbers and structs, those that headers have. */
function readValue(reader: ByteReader, type: number): number | boolean | Fields {
  switch (type) {
    case 1:
    case 2:
      return type === 1;
    case 3:
      return (reader.byte() << 24) >> 24; // signed
    case 4:
    case 5:
    case 6:
      return reader.zigzag();
    case 8: {
      const size = reader.varint();
      reader.at += size; // statistics
      return size;
    }
    case 12:
      return readStruct(reader);
    default:
      throw new RangeError(`A page header has a field of type ${type}`);
  }
}
