/**
 * What reads bytes that a stranger may have written. Each target takes any bytes, and may refuse them with a
 * LakotaError only.
 */
import { readFileSync } from "node:fs";
import { Blosc, CodecError, LZ4, Zstd } from "numcodecs-wasm";
import { loadDecoder } from "numcodecs-wasm/decoder";
import { loadEncoder } from "numcodecs-wasm/encoder";
import { decodeCommit } from "../../src/changelog/decode-commit.ts";
import { buildLog } from "../../src/changelog/log.ts";
import { placeMerge } from "../../src/changelog/python/placement.ts";
import { joinTwins } from "../../src/changelog/python/twins.ts";
import { depthFirstWalk } from "../../src/changelog/python/walk.ts";
import { ReferencedDigests } from "../../src/changelog/referenced-chunks.ts";
import { parseName, type RevisionName, ROOT, toEpoch } from "../../src/changelog/revision.ts";
import { loadAll } from "../../src/changelog/segment-table.ts";
import { decodePage } from "../../src/changelog/tree/page.ts";
import { describeBlocks, PartialChunk } from "../../src/codecs/blosc-blocks.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { sha1 } from "../../src/codecs/sha1.ts";
import { decodeBlocks } from "../../src/engine/overviews/block-index.ts";
import { withLongerBlocks } from "../../src/engine/overviews/chunk-summary.ts";
import { decodeContent } from "../../src/engine/overviews/decode.ts";
import { ChunkSummaries } from "../../src/engine/read/chunk-summaries.ts";
import { toCollectionEntry } from "../../src/engine/repo/collection-entry.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { detectFormat, labelToPath, pathToLabel } from "../../src/interchange/files/file-names.ts";
import { readIso, readIsoBytes } from "../../src/interchange/values/iso8601.ts";
import { parseComplex, parseFloatText } from "../../src/interchange/values/parse-number.ts";
import { newParsedTime } from "../../src/interchange/values/parsed-time.ts";
import { strptimeParser } from "../../src/interchange/values/strptime.ts";
import { type CsvOptions, readCsv, readParquet } from "../../src/interchange.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { parseDType, TIME_UNITS } from "../../src/model/dtype.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { Frame } from "../../src/model/frame.ts";
import { after, before, compareCuts, FIRST, LAST } from "../../src/model/key.ts";
import { PRIVATE_FOLDER } from "../../src/model/layout.ts";
import { kindOf, parseChunkPath, parseRevisionPath } from "../../src/model/parse-layout.ts";
import { Schema } from "../../src/model/schema.ts";
import { toUnit } from "../../src/model/time.ts";
import { TimeZone } from "../../src/model/time-zone.ts";
import { Axis, slicesOf } from "../../src/query/downsample/axis.ts";
import { pointsOf } from "../../src/query/downsample/points.ts";
import { formatExpression } from "../../src/query/expression/format.ts";
import { parseExpression } from "../../src/query/expression/parse.ts";
import { mask } from "../../src/query.ts";
import { ListingCache } from "../../src/stores/cache/listing-cache.ts";
import { Outbox } from "../../src/stores/cache/outbox.ts";
import { allPins, pathsOf } from "../../src/stores/cache/pins.ts";
import { UsageIndex } from "../../src/stores/cache/usage-index.ts";
import { readUsage, victims } from "../../src/stores/cache/usage-records.ts";
import { PublishedFiles } from "../../src/stores/http/published-files.ts";
import { decodeFolders, decodeNames } from "../../src/stores/http/published-index.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { checkPath } from "../../src/stores/path.ts";
import { S3Address } from "../../src/stores/s3/address.ts";
import { awsSettings } from "../../src/stores/s3/aws-config.ts";
import { readS3Error } from "../../src/stores/s3/error-messages.ts";
import { parseListPage, parseXml } from "../../src/stores/s3/xml.ts";
import type { LocalCopies } from "../../src/stores/store.ts";
import { parseUri } from "../../src/stores/uri.ts";

const BUCKET = { address: new S3Address("b", "", {}), where: "b at c" };

const OVERVIEW_GROUP = {
  rowsPerBlock: 512,
  segments: [2_000, 700].map((length) => ({ label: "s", lo: FIRST, hi: LAST, length, digests: [] })),
};

/** Bytes that the chunks of which parts are decoded have. */
const PARTIAL_BYTES = 40_000;

type Target = (bytes: Bytes) => Promise<unknown> | unknown;

/** In the bundle, the WebAssembly modules are not beside their scripts. */
const wasm = process.env.FUZZ_WASM;
const bytesOf = (file: string) => Uint8Array.from(readFileSync(`${wasm}/${file}`));
export const ready: Promise<unknown> = wasm
  ? Promise.all([loadDecoder(bytesOf("decoder.wasm")), loadEncoder(bytesOf("encoder.wasm"))])
  : Promise.resolve();

const text = (bytes: Bytes) => new TextDecoder().decode(bytes);

/** Calls all of them with the bytes. Each may refuse them. */
async function each(...calls: (() => unknown)[]): Promise<void> {
  for (const call of calls) {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof LakotaError)) throw error;
    }
  }
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** Calls a parser whose callers handle its SyntaxError. */
function orSyntaxError(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}

/** Calls what may refuse its input, before more is checked. */
function orLakotaError(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof LakotaError)) throw error;
  }
}

/** Calls code whose callers handle its CodecError. */
async function orCodecError(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
  }
}

/** Decodes the bytes after the first, which selects the type, as a chunk. */
const chunk =
  (...encodings: (readonly [type: string, codecs: string, rows?: number])[]): Target =>
  async (bytes) => {
    const [type, codecs, rows] = encodings[(bytes[0] ?? 0) % encodings.length]!;
    const task = { bytes: bytes.slice(1), name: "v", type, codecs: codecs.split(" "), rows };
    const { column } = await decodeChunk({ ...task, digest: "0".repeat(40) });
    if (rows !== undefined) check(column.length === rows, `${column.length} rows instead of ${rows}`);
  };

/** Has none of the pages that a commit may name. */
const EMPTY_STORE = new MemoryStore();
const missingPage = (digest: string) => Promise.reject(new LakotaError("not-found", `No page ${digest}.`));

const SCHEMAS = [
  new Schema({ timestamp: "timestamp*", value: "float" }),
  Schema.kv({ label: "str*", meta: "O" }),
];

const FRAME = new Frame([
  { name: "t", type: "datetime64[s]", data: BigInt64Array.of(1n, 2n) },
  { name: "v", type: "float64", data: Float64Array.of(1, Number.NaN) },
]);

/** Revision names of few ids, so that they form trees, twins and circles. */
function revisionNames(bytes: Bytes): RevisionName[] {
  const TIMES = ["00000000000", "1a220c89391", "1a220c89392", "1a220c89393", "00000000001", "fffffffffff"];
  const id = (byte: number) => `${TIMES[(byte & 15) % TIMES.length]}-${`${(byte >> 4) & 3}`.repeat(40)}`;
  const names = new Set<string>();
  for (let i = 0; i + 1 < Math.min(bytes.length, 40); i += 2)
    names.add(`${id(bytes[i]!)}.${id(bytes[i + 1]!)}`);
  return [...names].map(parseName).filter((name) => name !== undefined);
}

/** How a CSV file is read. The first byte selects it. */
const CSV_OPTIONS: readonly CsvOptions[] = [
  {},
  { header: false, names: ["t", "x"], types: { t: "M8[ns]", x: "float" }, timeZone: "Europe/Brussels" },
  { header: false, names: ["a", "b"], types: { a: "int", b: "O" }, decimal: "," },
  { names: ["a", "b", "c"], types: { a: "str", b: "complex128", c: "bool" }, fill: { c: false } },
  { names: ["t", "v"], formats: { t: "%d/%m/%Y %H:%M:%S.%f %z" }, index: ["t", "v"], sort: true },
  { encoding: "utf-16le", delimiter: "\t" },
];

/** A store with an empty collection `c`, and the path of its folder. */
async function emptyCollection(): Promise<{ files: [path: string, bytes: Bytes][]; folder: string }> {
  const store = new MemoryStore();
  const repo = new EngineRepo(store, decodeChunk, { onWarning: () => {} });
  const { path } = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  const files = await Promise.all(
    (await store.list("")).map(async (entry): Promise<[string, Bytes]> => {
      return [entry.path, (await store.get(entry.path))!];
    }),
  );
  return { files, folder: path };
}
let base: ReturnType<typeof emptyCollection> | undefined;

/** Opens the collection `c` with one revision, whose payload the bytes are. */
async function repoWith(payload: Bytes): Promise<EngineRepo> {
  base ??= emptyCollection();
  const { files, folder } = await base;
  const store = new MemoryStore();
  for (const [path, bytes] of files) await store.put(path, bytes);
  await store.put(`${folder}/${ROOT}.1a220c89391-${await sha1(payload)}`, payload);
  return new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: () => {} });
}

async function readRows(source: { frames(): AsyncIterable<Frame> }): Promise<void> {
  let rows = 0;
  for await (const frame of source.frames()) rows += frame.length;
  check(rows < 1e6, "rows out of nothing");
}

export const targets: Readonly<Record<string, Target>> = {
  blosc: chunk(
    ["float64", "blosc", 3000],
    ["float64", "blosc"],
    ["datetime64[s]", "blosc", 2000],
    ["uint8", "blosc", 5000],
    ["<U5", "blosc"],
    ["complex128", "blosc"],
  ),
  zstd: chunk(
    ["float64", "zstd", 3000],
    ["float64", "zstd"],
    ["<U0", "msgpack2 zstd", 5],
    ["object", "msgpack2 zstd"],
  ),
  lz4: chunk(["float64", "lz4", 3000], ["int16", "lz4"], ["float64", "shuffle lz4"]),
  gzip: chunk(
    ["float64", "gzip", 100],
    ["uint8", "zlib"],
    ["uint8", "gzip gzip", 100],
    ["object", "json2 gzip"],
  ),
  msgpack: chunk(
    ["object", "msgpack2", 5],
    ["object", "msgpack2"],
    ["<U0", "msgpack2"],
    ["int64", "msgpack2"],
    ["datetime64[ns]", "msgpack2"],
    ["|S4", "msgpack2"],
  ),
  json: chunk(
    ["object", "json2", 5],
    ["object", "json2"],
    ["<U0", "json2"],
    ["float64", "json2"],
    ["int64", "json2"],
  ),
  vlen: chunk(["<U0", "vlen-utf8"], ["object", "vlen-utf8", 4]),
  commit: (bytes) =>
    each(
      ...SCHEMAS.map((schema) => async () => {
        const { table, touched } = await decodeCommit(bytes, schema, EMPTY_STORE);
        await loadAll(table);
        await touched?.load();
      }),
      () => new ReferencedDigests(missingPage).add(bytes),
    ),
  page: (bytes) => each(...SCHEMAS.map((schema) => () => decodePage(bytes, schema))),
  names(bytes) {
    const names = revisionNames(bytes);
    const log = buildLog(joinTwins(names));
    check(
      log.ids.every((id) => log.parents.has(id)),
      "an id without parents",
    );
    check(names.length === 0 || log.heads.length > 0, "revisions without a head");
    depthFirstWalk(names.map(({ parent, child }) => `${parent}.${child}`));
    const { files } = placeMerge(joinTwins(names), log.heads, "a".repeat(40), 1_795_000_000_000);
    for (const file of files) check(parseName(file) !== undefined, `a name that nobody can read: ${file}`);
  },
  xml: (bytes) =>
    each(
      () => orSyntaxError(() => parseXml(text(bytes))),
      () => orSyntaxError(() => parseListPage(text(bytes), "a/", true)),
      async () => {
        const response = new Response(bytes, { status: [400, 403, 404, 501, 503][bytes.length % 5]! });
        const error = await readS3Error(response, "read a", BUCKET, () => {});
        check(typeof error.message === "string" && !error.message.includes("native code"), "an odd message");
      },
    ),
  index: (bytes) => {
    const uri = "https://example.org";
    return each(
      async () => {
        const published = new PublishedFiles(bytes, uri, async () => bytes);
        for (const folder of [...published.index.folders.keys(), "a"]) {
          for (const { path, size } of [...published.newest(folder), ...(await published.list(folder))])
            check(typeof path === "string" && typeof size === "number", "a bad entry");
        }
        for (const path of published.index.files.keys())
          check(published.file(path) instanceof Uint8Array, "a file that is no bytes");
      },
      () => decodeNames(bytes, uri),
      () => decodeFolders(bytes, uri),
    );
  },
  overview(bytes) {
    const { segments } = decodeContent(bytes, "0".repeat(40), OVERVIEW_GROUP);
    const axis = new Axis(0, 1e6, 10);
    const slices = slicesOf(axis);
    for (const summary of segments) {
      if (!summary) continue;
      const { blocks } = withLongerBlocks(summary, 2 * summary.rowsPerBlock);
      for (let block = 0; block < blocks.length; block++) axis.takes(blocks, block);
      axis.addBlocks(slices, blocks);
      compareCuts(before(summary.first), after(summary.last));
    }
    pointsOf(slices, axis, "m4", 10);
  },
  async blocks(bytes) {
    const index = decodeBlocks(bytes, "0".repeat(40), OVERVIEW_GROUP, SCHEMAS[0]!);
    for (const chunk of index.flat())
      if (chunk) await orCodecError(() => PartialChunk.open(chunk, PARTIAL_BYTES));
  },
  async partial(bytes) {
    await orCodecError(async () => {
      const described = await describeBlocks(bytes);
      if (!described) return;
      const chunk = await PartialChunk.open(described, PARTIAL_BYTES);
      for (const [block, { from, to }] of chunk.extents.entries()) {
        check(!(await chunk.add(block, bytes.slice(from, to - 1))), "half a block was added");
        check(await chunk.add(block, bytes.slice(from, to)), "a block was not added");
      }
      await chunk.decode(PARTIAL_BYTES / 2, PARTIAL_BYTES);
    });
  },
  csv: async (bytes) =>
    readRows(await readCsv(new Blob([bytes.subarray(1)]), CSV_OPTIONS[(bytes[0] ?? 0) % CSV_OPTIONS.length])),
  parquet: async (bytes) => readRows(await readParquet(bytes[0] === 0 ? bytes : new Blob([bytes]))),
  expression(bytes) {
    const expression = parseExpression(text(bytes));
    const infix = formatExpression(expression);
    check(formatExpression(parseExpression(infix)) === infix, `another expression: ${infix}`);
    orLakotaError(() => mask(FRAME, expression as never));
    const lisp = formatExpression(expression, "lisp");
    check(formatExpression(parseExpression(lisp)) === infix, `another expression: ${lisp}`);
  },
  registry(bytes) {
    let value: unknown;
    try {
      value = JSON.parse(text(bytes));
    } catch {
      return;
    }
    const { path, schema } = toCollectionEntry("a", value);
    check(/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36}$/.test(path), `the path ${path}`);
    const loaded = Schema.load(schema);
    check(Schema.load(loaded.dump()).equals(loaded), "a schema that changes when it is stored");
  },
  collection: async (bytes) => {
    const repo = await repoWith(bytes);
    const series = async () => (await repo.collection("c")).series("a");
    await each(
      async () => (await repo.collection("c")).ls(),
      async () => (await series()).length(),
      async () => (await series()).read({ limit: 100 }),
      async () => (await series()).read({ start: [3], stop: [5] }),
      async () => (await series()).write({ t: [4], v: [1] }),
      async () => (await repo.collection("c")).log(),
      async () => repo.verify(),
    );
  },
  records: async (bytes) => {
    const localStore = new MemoryStore();
    for (const name of ["pins/c", "outbox/kv2f-000000-a", "used", "list-a%2F"])
      await localStore.put(`${PRIVATE_FOLDER}cache/state/${name}`, bytes);
    await localStore.put("a/b", bytes);
    const local = { localStore } as Partial<LocalCopies> as LocalCopies;
    for (const pin of await allPins(local))
      check(
        pathsOf(pin).every((path) => typeof path === "string"),
        "a pinned path that is no text",
      );
    const usage = new UsageIndex(() => 1e12);
    await readUsage(usage, localStore);
    victims(usage, 0);
    await new ListingCache(localStore, () => 1e12).recall("a/", "");
    await new ChunkSummaries({ get: async () => bytes, set: () => {} }).get("a");
    const options = { localStore, remoteStore: new MemoryStore(), onSent: () => {}, onWarning: () => {} };
    const outbox = await Outbox.open(options);
    await each(() => outbox.send());
    outbox.close();
  },
  numcodecs: async (bytes) => {
    const codecs = [Blosc.fromConfig({}), Zstd.fromConfig({}), LZ4.fromConfig({})];
    try {
      await codecs[(bytes[0] ?? 0) % codecs.length]!.decode(bytes.slice(1));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
    }
  },
  times: (bytes) => {
    const [value = "", format = ""] = text(bytes).split("\n", 2);
    const [fromBytes, fromText] = [newParsedTime(), newParsedTime()];
    const encoded = new TextEncoder().encode(value);
    if (readIsoBytes(encoded, 0, encoded.length, fromBytes)) {
      check(readIso(value, fromText), `${value} is a time as bytes only`);
      check(JSON.stringify(fromBytes) === JSON.stringify(fromText), `${value} is two times`);
    }
    parseFloatText(value, ".");
    parseComplex(value);
    return each(
      ...TIME_UNITS.map((unit) => () => toUnit(value, unit)),
      () => toEpoch(value),
      () => TimeZone.named(value).toUtc(1.6e12, "order", 0),
      () => parseDType(value),
      () => strptimeParser(format.slice(0, 100))(value, newParsedTime()),
    );
  },
  paths(bytes) {
    const path = text(bytes);
    const file = labelToPath(path);
    const isSafe = (part: string) => part !== "" && part !== "." && part !== ".." && !/[\0\\:]/.test(part);
    check(path === "" || file.split("/").every(isSafe), `the file name ${JSON.stringify(file)}`);
    check(
      pathToLabel(file) === path,
      `${JSON.stringify(path)} comes back as ${JSON.stringify(pathToLabel(file))}`,
    );
    parseChunkPath(path);
    parseRevisionPath(path);
    kindOf(path);
    detectFormat(path);
    const noPackage = () => Promise.reject(new Error("not installed"));
    awsSettings({ AWS_PROFILE: "b" }, { config: path, credentials: path }, noPackage);
    return each(
      () => checkPath(path),
      () => {
        const { rest, query } = parseUri(path);
        const [bucket = "", ...prefix] = rest.split("/");
        const address = new S3Address(bucket, prefix.join("/"), Object.fromEntries(query));
        const url = new URL(address.fileUrl("a/b"));
        check(url.pathname.endsWith("/a/b"), `the file a/b at ${url}`);
      },
    );
  },
};
