import type {
  AsyncBuffer,
  ColumnMetaData,
  CompressionCodec,
  Compressors,
  FileMetaData,
  RowGroup,
} from "hyparquet";
import { checkPrefixes, checkRuns, damaged } from "./check-encodings.ts";
import { type PageHeader, readPageHeader } from "./page-header.ts";

/** Rows of a row group at most. Older versions of Arrow write groups of this size. */
const MAX_ROWS = 2 ** 26;
/** Decompressed bytes of a page at most. */
const MAX_PAGE = 2 ** 30;

/** How much a compressor can make of one byte. */
const MAX_EXPANSION: Partial<Record<CompressionCodec, number>> = {
  UNCOMPRESSED: 1,
  SNAPPY: 64,
  GZIP: 1040,
  LZ4: 256,
  LZ4_RAW: 256,
};
const DEFAULT_MAX_EXPANSION = 65_536;

/**
 * The codec name that stands for `UNCOMPRESSED`, so that hyparquet passes those pages too to a decompressor,
 * where they are checked. It supports no file that is compressed with LZO.
 */
const STORED: CompressionCodec = "LZO";

/** Numbers of the encodings that are checked. */
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const DELTA_BYTE_ARRAY = 7;
const RLE_DICTIONARY = 8;

/** @throws `invalid-frame` for a range that is not in a file of `size` bytes */
export function checkRange(start: number, end: number, size: number): void {
  const isValid = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (isValid && 0 <= start && start <= end && end <= size) return;
  throw damaged(`it refers to bytes ${start} to ${end}, but has ${size}`);
}

/** What hyparquet needs to read one row group. */
export interface CheckedGroup {
  file: AsyncBuffer;
  metadata: FileMetaData;
  compressors: Compressors;
}

/** A page whose content is still compressed. */
interface Page {
  header: PageHeader;
  column: ColumnMetaData;
  isOptional: boolean;
}

/**
 * Returns a row group for hyparquet, which trusts the numbers in a file: it would allocate what they say, and
 * a run of 2^31 values ends the process. Here each page is checked before hyparquet decodes it.
 *
 * @param index number of the group
 * @param names of the columns to read
 * @param optional names of the columns with definition levels
 */
export function checkedGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  index: number,
  names: readonly string[],
  optional: ReadonlySet<string>,
  decompressors: Compressors,
): CheckedGroup {
  const group = metadata.row_groups[index]!;
  const rows = rowsOfGroup(group);
  const chunks = names.map((name) => chunkOf(group, name));
  const pages = new WeakMap<ArrayBufferLike, Map<number, Page>>();

  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const column = chunks.find((chunk) => isAt(chunk, start, end));
    if (!column) throw damaged(`bytes ${start} to ${end} are of no column`);
    const bytes = await file.slice(start, end);
    const isOptional = optional.has(column.path_in_schema[0]!);
    pages.set(bytes, checkPages(new Uint8Array(bytes), column, isOptional, rows));
    return bytes;
  };
  const slice = (start: number, end = file.byteLength): Promise<ArrayBuffer> => {
    const bytes = read(start, end);
    bytes.catch(() => {}); // hyparquet may fail before it waits for it
    return bytes;
  };

  const guarded = (codec: CompressionCodec) => (input: Uint8Array, size: number) => {
    const page = pages.get(input.buffer)?.get(input.byteOffset);
    if (!page) throw damaged("a page is where there should be none");
    const max = Math.min(MAX_PAGE, input.length * (MAX_EXPANSION[codec] ?? DEFAULT_MAX_EXPANSION));
    if (!(size >= 0 && size <= max)) throw damaged(`a page of ${input.length} bytes claims to have ${size}`);
    const decompress = decompressors[codec];
    if (codec !== "UNCOMPRESSED" && !decompress) throw damaged(`the compression ${codec} is unknown`);
    const content = decompress ? decompress(input, size) : input;
    checkContent(content, page);
    return content;
  };

  const compressors: Compressors = { [STORED]: guarded("UNCOMPRESSED") };
  for (const { meta_data } of group.columns) {
    const codec = meta_data?.codec;
    if (codec && codec !== "UNCOMPRESSED" && codec !== STORED) compressors[codec] = guarded(codec);
  }
  return { file: { byteLength: file.byteLength, slice }, metadata: withStored(metadata, index), compressors };
}

/** @throws `invalid-frame` for a number of rows that no group has */
export function rowsOfGroup({ num_rows }: RowGroup): number {
  const rows = Number(num_rows);
  if (Number.isInteger(rows) && rows >= 0 && rows <= MAX_ROWS) return rows;
  throw damaged(`a row group of ${rows} rows. At most ${MAX_ROWS} are supported`);
}

/** Returns the only part of a group with the values of a column. */
function chunkOf({ columns }: RowGroup, name: string): ColumnMetaData {
  const found = columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === name);
  const data = found[0]?.meta_data;
  if (data && found.length === 1 && data.path_in_schema.length === 1) return data;
  throw damaged(`a row group has column "${name}" ${found.length} times`);
}

function isAt(
  { dictionary_page_offset, data_page_offset, total_compressed_size }: ColumnMetaData,
  start: number,
  end: number,
) {
  const from = dictionary_page_offset || data_page_offset;
  return Number(from) === start && Number(from + total_compressed_size) === end;
}

function withStored(metadata: FileMetaData, index: number): FileMetaData {
  const columns = metadata.row_groups[index]!.columns.map((column) => {
    const { meta_data } = column;
    if (meta_data?.codec === STORED) throw damaged("the compression LZO is not supported");
    return meta_data?.codec === "UNCOMPRESSED"
      ? { ...column, meta_data: { ...meta_data, codec: STORED } }
      : column;
  });
  const row_groups = metadata.row_groups.with(index, { ...metadata.row_groups[index]!, columns });
  return { ...metadata, row_groups };
}

/** Checks the headers of all pages of a column, and returns the pages by where their compressed bytes start. */
function checkPages(
  bytes: Uint8Array,
  column: ColumnMetaData,
  isOptional: boolean,
  rows: number,
): Map<number, Page> {
  const pages = new Map<number, Page>();
  let at = 0;
  let count = 0;
  // As hyparquet: the last byte alone is no page.
  while (count < rows && at < bytes.length - 1) {
    const header = readPageHeader(bytes, at);
    const { type, start, compressed, values, nulls, repetitions, definitions, isCompressed } = header;
    const end = start + compressed;
    const isCount = (value: number) => Number.isInteger(value) && value >= 0;
    if (!isCount(compressed) || end > bytes.length) throw damaged("a page is longer than its column");
    if (!isCount(values) || values > (type === "dictionary" ? MAX_ROWS : rows))
      throw damaged(`a page of ${values} values in a group of ${rows} rows`);
    if (!isCount(nulls) || nulls > values) throw damaged(`a page has ${nulls} empty values of ${values}`);
    if (!isCount(repetitions) || !isCount(definitions) || repetitions + definitions > compressed)
      throw damaged("the levels of a page are longer than it");
    const page: Page = { header, column, isOptional };
    // As hyparquet, which skips the definition levels only where the column has some.
    const levels = start + repetitions;
    const content = levels + (isOptional ? definitions : 0);
    if (type === "data2" && isOptional) checkRuns(bytes.subarray(levels, end), 1, values);
    if (isCompressed) pages.set(bytes.byteOffset + content, page);
    else checkContent(bytes.subarray(content, end), page);
    if (type !== "dictionary") count += values;
    at = end;
  }
  return pages;
}

/** Checks the lengths in the decompressed content of a page. */
function checkContent(content: Uint8Array, { header, column, isOptional }: Page): void {
  const { type, encoding, values, nulls } = header;
  if (type === "dictionary") return;
  let at = 0;
  let count = values - nulls;
  if (type === "data" && isOptional) {
    if (content.length < 4) throw damaged("a page has no levels");
    at = 4 + new DataView(content.buffer, content.byteOffset).getUint32(0, true);
    if (at > content.length) throw damaged("the levels of a page are longer than it");
    count = checkRuns(content.subarray(4), 1, values);
  }
  const isDictionary = encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY;
  if (type === "data2" ? encoding === RLE : column.type === "BOOLEAN" && (isDictionary || encoding === RLE)) {
    checkRuns(content.subarray(at + 4), 1, count); // after the length
  } else if (isDictionary || encoding === RLE) {
    const width = content[at] ?? 0;
    // With a width of 0, hyparquet reads runs only in pages of version 2.
    if (width > 0 || type === "data2") checkRuns(content.subarray(at + 1), width, count);
  } else if (encoding === DELTA_BYTE_ARRAY) {
    checkPrefixes(content.subarray(at), count, MAX_PAGE);
  }
}
