import { createHash } from "node:crypto";
import { decode } from "@msgpack/msgpack";
import { Blosc, Zstd } from "numcodecs";

/**
 * The rules of the format once more, strictly, and with nothing of `src/`: what a repository must be, so that any
 * reader of the format understands it. Returns the problems found.
 */
export async function check(files: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  const checker = new Checker(files);
  await checker.run();
  return checker.problems;
}

interface ColumnInfo {
  name: string;
  dt: string;
  codecs: string[];
  idx: boolean;
}

interface CollectionFormat {
  columns: ColumnInfo[];
  /** Whether the tables of its commits are trees. */
  isTree: boolean;
}

type Value = number | bigint | string | unknown;
type Row = Record<string, unknown>;

const REGISTRY = `00/00/${"0".repeat(36)}`;
const ID = "([0-9a-f]{11})-([0-9a-f]{40})";
const REVISION = new RegExp(`^${ID}\\.${ID}$`);
const ROOT = `${"0".repeat(11)}-${"0".repeat(40)}`;
const TREE_CODEC = "lakota-js-tree-table";
const EMPTY = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const KEYS = ["start", "stop", "digest", "length", "closed", "label", "embedded"];
const sha1 = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest("hex");
const text = (name: string): ColumnInfo => ({ name, dt: "<U0", codecs: ["msgpack2", "zstd"], idx: false });
const fileOf = (digest: string) => `${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}`;

class Checker {
  readonly problems: string[] = [];
  readonly #files: ReadonlyMap<string, Uint8Array>;
  /** How the bytes behind each digest were last decoded, so that none means two things. */
  readonly #meanings = new Map<string, string>();
  /** Pages that were checked, as files or in a commit, as the last of their level or not. */
  readonly #pages = new Map<string, { labels: string[]; height: number }>();

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
  }

  async run(): Promise<void> {
    const registry: ColumnInfo[] = [
      { ...text("label"), idx: true },
      { name: "meta", dt: "object", codecs: ["msgpack2", "zstd"], idx: false },
    ];
    const folders = new Map<string, CollectionFormat>();
    await this.#changelog(REGISTRY, { columns: registry, isTree: false }, (rows) => {
      for (const { label, meta } of rows) this.#collection(String(label), meta, folders);
    });
    for (const [folder, format] of folders) await this.#changelog(folder, format);
  }

  #bad(where: string, what: string): void {
    this.problems.push(`${where}: ${what}`);
  }

  #collection(label: string, meta: unknown, folders: Map<string, CollectionFormat>): void {
    const { path, schema } = meta as {
      path: string;
      schema: { kind: unknown; columns: Record<string, Row> };
    };
    if (label !== label.trim() || label === "") this.#bad("registry", `the name "${label}"`);
    if (!/^..\/..\/[0-9a-f]{36}$/.test(path)) this.#bad("registry", `the path ${path} of "${label}"`);
    if (schema.kind !== null && schema.kind !== "kv") this.#bad("registry", `kind ${String(schema.kind)}`);
    const columns = Object.entries(schema.columns).map(([name, { dt, codecs, idx }]) => {
      if (typeof dt !== "string" || !Array.isArray(codecs) || typeof idx !== "boolean")
        this.#bad("registry", `column ${name} of "${label}"`);
      return { name, dt: String(dt), codecs: codecs as string[], idx: idx === true };
    });
    if (!columns.some(({ idx }) => idx)) this.#bad("registry", `"${label}" has no index`);
    const isTree = columns.every(({ codecs }) => codecs.at(-1) === TREE_CODEC);
    if (isTree) for (const column of columns) column.codecs = column.codecs.slice(0, -1);
    folders.set(path, { columns, isTree });
  }

  /** @param each receives the rows of every revision */
  async #changelog(folder: string, format: CollectionFormat, each?: (rows: Row[]) => void): Promise<void> {
    const names = [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`));
    const seen = new Set<string>();
    for (const path of names) {
      const match = REVISION.exec(path.slice(folder.length + 1));
      if (!match) {
        this.#bad(path, "no revision's name");
        continue;
      }
      const [, parentTime = "", parentDigest, time = "", digest = ""] = match;
      if (parentTime >= time) this.#bad(path, "not later than its parent");
      if (parentTime === ROOT.slice(0, 11) && parentDigest !== ROOT.slice(12)) this.#bad(path, "an odd root");
      const bytes = this.#files.get(path)!;
      if (sha1(bytes) !== digest) this.#bad(path, "not what its name says");
      if (seen.has(`${time}-${digest}`)) continue;
      seen.add(`${time}-${digest}`);
      const rows = await this.#commit(path, bytes, format);
      each?.(rows);
    }
  }

  /** Returns all rows that the commit shows; of a tree, none. */
  async #commit(path: string, bytes: Uint8Array, { columns, isTree }: CollectionFormat): Promise<Row[]> {
    const payload = this.#map(path, bytes);
    if (!isTree) return this.#table(path, payload, columns);
    const { root, pages, touched } = payload as {
      root: Uint8Array;
      pages: Record<string, Uint8Array>;
      touched: unknown;
    };
    const keys = Object.keys(payload).join();
    if (!/^start,root,pages(,touched)?(,about)?(,ancestors(,complete)?)?$/.test(keys))
      this.#bad(path, `keys ${keys}`);
    const names = Object.keys(pages);
    if (names.some((name, i) => i > 0 && name <= names[i - 1]!)) this.#bad(path, "pages are not sorted");
    const unused = new Set(names);
    await this.#page(`${path}, root`, root, columns, { pages, unused, isLast: true });
    for (const name of unused) this.#bad(path, `has the page ${name}, to which nothing refers`);
    if (typeof touched !== "string") return [];
    const list = this.#files.get(fileOf(touched));
    if (!list || sha1(list) !== touched) this.#bad(path, "its touched ranges are missing or damaged");
    else if (Object.keys(this.#map(path, list)).join() !== "start,stop,closed,label")
      this.#bad(path, "its touched ranges have other keys");
    return [];
  }

  /** Returns the map in a file that is a list of one. */
  #map(path: string, bytes: Uint8Array): Record<string, unknown> {
    const outer = decode(bytes, { useBigInt64: false }) as unknown[];
    const [payload, dtype, shape] = outer as [Record<string, unknown>, string, number[]];
    if (outer.length !== 3 || dtype !== "|O" || shape?.[0] !== 1) this.#bad(path, "no array of one object");
    return payload;
  }

  /** Checks a page and those below it. Returns its labels and its height. */
  async #page(
    where: string,
    bytes: Uint8Array,
    columns: ColumnInfo[],
    commit: { pages: Record<string, Uint8Array>; unused: Set<string>; isLast: boolean; isFile?: boolean },
  ): Promise<{ labels: string[]; height: number }> {
    const payload = this.#map(where, bytes);
    if (!("child" in payload)) {
      await this.#table(where, payload, columns);
      const entries = await this.#series(where, payload, columns);
      this.#end(where, entries, 0, commit.isLast);
      return { labels: entries.map(({ label }) => label), height: 0 };
    }
    if (Object.keys(payload).join() !== "height,label,count,child") this.#bad(where, "keys of a branch");
    const { height, child } = payload as { height: number; child: Uint8Array };
    const part = (name: string, column: ColumnInfo) =>
      this.#column(where, payload[name] as Uint8Array, column);
    const all = (await part("label", text("label"))).map(String);
    const counts = (await part("count", { name: "count", dt: "int64", codecs: ["blosc"], idx: false })).map(
      Number,
    );
    const rows = child.length / 20;
    if (rows !== counts.length || rows === 0)
      this.#bad(where, `${rows} children, but ${counts.length} counts`);
    if (where.endsWith("root") && rows < 2) this.#bad(where, "a root with a single child");
    const entries: PageEntry[] = [];
    let from = 0;
    for (let i = 0; i < rows; i++) {
      const labels = all.slice(from, from + counts[i]!);
      from += counts[i]!;
      const digest = Buffer.from(child.subarray(20 * i, 20 * i + 20)).toString("hex");
      commit.unused.delete(digest);
      const file = this.#files.get(fileOf(digest)) ?? this.#aside(digest);
      if (commit.isFile && !file) this.#bad(where, `is a file, but ${digest} below it is none`);
      const below = commit.pages[digest] ?? file;
      if (!below || sha1(below) !== digest) {
        this.#bad(where, `page ${digest} is missing or damaged`);
        continue;
      }
      const isLast = commit.isLast && i === rows - 1;
      const isFile = commit.pages[digest] === undefined;
      const key = `${digest} ${isFile} ${isLast}`;
      const known =
        this.#pages.get(key) ??
        (await this.#page(`page ${digest}`, below, columns, { ...commit, isLast, isFile }));
      this.#pages.set(key, known);
      if (known.height !== height - 1) this.#bad(where, `page ${digest} has height ${known.height}`);
      const expected = height === 1 ? known.labels : known.labels.slice(-1);
      if (expected.join() !== labels.join()) this.#bad(where, `page ${digest} has other labels`);
      const size = labels.reduce((sum, label) => sum + Buffer.byteLength(label), 24);
      entries.push({ label: labels.at(-1) ?? "", size });
    }
    if (from !== all.length) this.#bad(where, "labels of no child");
    this.#end(where, entries, height, commit.isLast);
    return { labels: all, height };
  }

  /** Checks that a page ends where the rule says. */
  #end(where: string, entries: readonly PageEntry[], height: number, isLast: boolean): void {
    const target = height === 0 ? 12_288 : 8_192;
    let size = 0;
    entries.forEach((entry, i) => {
      const before = size / target;
      size += entry.size;
      const after = size / target;
      const share = after * after * after * after - before * before * before * before;
      const ends = !(height > 0 && i === 0) && pageHash(entry.label, height) < share * 4_294_967_296;
      if (ends !== (i === entries.length - 1) && !(isLast && i === entries.length - 1))
        this.#bad(
          where,
          ends ? `should end after "${entry.label}"` : `should not end after "${entry.label}"`,
        );
    });
  }

  /** Returns the series of a leaf with their sizes. */
  async #series(
    where: string,
    payload: Record<string, unknown>,
    columns: ColumnInfo[],
  ): Promise<PageEntry[]> {
    const labels = (await this.#column(where, payload.label as Uint8Array, text("label"))).map(String);
    const digests = await Promise.all(
      columns.map(({ name }) =>
        this.#column(where, (payload.digest as Record<string, Uint8Array>)[name]!, text(name)),
      ),
    );
    const embedded = payload.embedded as Record<string, Uint8Array>;
    return [...new Set(labels)].map((label) => {
      const rows = labels.flatMap((other, row) => (other === label ? [row] : []));
      const chunks = new Set(rows.flatMap((row) => digests.map((column) => String(column[row]))));
      let size = Buffer.byteLength(label) + rows.length * (32 + 32 * columns.length);
      for (const digest of chunks) size += embedded[digest]?.length ?? 0;
      return { label, size };
    });
  }

  /** Returns all rows that a table shows. */
  async #table(path: string, payload: Record<string, unknown>, columns: ColumnInfo[]): Promise<Row[]> {
    const keys = Object.keys(payload);
    if (KEYS.some((key, i) => keys[i] !== key)) this.#bad(path, `keys ${keys.join()}`);
    const index = columns.filter(({ idx }) => idx);
    const part = (map: unknown, column: ColumnInfo, key = column.name) =>
      this.#column(path, (map as Record<string, Uint8Array>)[key]!, column);
    const starts = await Promise.all(index.map((column) => part(payload.start, column)));
    const stops = await Promise.all(index.map((column) => part(payload.stop, column)));
    const digests = await Promise.all(columns.map(({ name }) => part(payload.digest, text(name))));
    const lengths = (await part(payload, { name: "length", dt: "int64", codecs: ["blosc"], idx: false })).map(
      Number,
    );
    const closed = (await part(payload, text("closed"))).map(String);
    const labels = (await part(payload, text("label"))).map(String);
    const arrays = [...starts, ...stops, ...digests, lengths, closed];
    if (arrays.some(({ length }) => length !== labels.length)) this.#bad(path, "arrays of unequal length");
    const embedded = payload.embedded as Record<string, Uint8Array>;
    const names = Object.keys(embedded);
    if (names.some((name, i) => i > 0 && name <= names[i - 1]!)) this.#bad(path, "embedded is not sorted");
    const used = new Set(digests.flat().map(String));
    for (const name of names) {
      if (!used.has(name)) this.#bad(path, `embeds ${name}, to which nothing refers`);
      if (embedded[name]!.length >= 1024) this.#bad(path, `embeds ${embedded[name]!.length} bytes`);
    }
    const rows: Row[] = [];
    for (let row = 0; row < labels.length; row++) {
      const lo = starts.map((column) => column[row]);
      const hi = stops.map((column) => column[row]);
      const where = `${path}, segment ${row} of "${labels[row]}"`;
      const [left, right] = [/[lb]/.test(closed[row]!), /[rb]/.test(closed[row]!)];
      if (!/^[lrbn]$/.test(closed[row]!)) this.#bad(where, `closed ${closed[row]}`);
      const order = compare(lo, hi);
      if (order > 0 || (order === 0 && closed[row] !== "b")) this.#bad(where, "an empty interval");
      if (row > 0) {
        const same = labels[row - 1] === labels[row];
        if (compare([labels[row - 1]], [labels[row]]) > 0) this.#bad(where, "labels are not sorted");
        const last = stops.map((column) => column[row - 1]);
        const gap = compare(last, lo);
        const both = /[rb]/.test(closed[row - 1]!) && left;
        if (same && (gap > 0 || (gap === 0 && both))) this.#bad(where, "it overlaps the one before");
      }
      const own = columns.map((_, i) => String(digests[i]![row]));
      const values = await this.#segment(where, own, lengths[row]!, columns, embedded);
      if (values) rows.push(...this.#visible(where, values, columns, { lo, hi, left, right }));
    }
    return rows;
  }

  async #segment(
    where: string,
    digests: string[],
    length: number,
    columns: ColumnInfo[],
    embedded: Record<string, Uint8Array>,
  ): Promise<Value[][] | undefined> {
    const values: Value[][] = [];
    for (const [i, column] of columns.entries()) {
      const digest = digests[i]!;
      if (digest === EMPTY) {
        if (length > 0) this.#bad(where, `no rows where there should be ${length}`);
        // Python looks for it as for any other chunk.
        if (embedded[EMPTY]?.length !== 0) this.#bad(where, "the chunk without bytes is not embedded");
        values.push([]);
        continue;
      }
      const bytes = embedded[digest] ?? this.#files.get(fileOf(digest)) ?? this.#aside(digest);
      if (!bytes) {
        this.#bad(where, `chunk ${digest} is missing`);
        return undefined;
      }
      // Equal bytes of equal size and codecs are one chunk, whatever they mean.
      const meaning = `${sizeOf(column.dt)} bytes ${column.codecs}`;
      const before = this.#meanings.get(digest) ?? meaning;
      if (before !== meaning) this.#bad(where, `chunk ${digest} is ${before} and ${meaning}`);
      this.#meanings.set(digest, meaning);
      const chunk = await this.#column(where, bytes, column, digest);
      if (chunk.length !== length) this.#bad(where, `${chunk.length} rows of ${column.name}, not ${length}`);
      values.push(chunk);
    }
    return values;
  }

  #aside(digest: string): Uint8Array | undefined {
    const path = [...this.#files.keys()].find((name) => name.startsWith(`${fileOf(digest)}.`));
    return path === undefined ? undefined : this.#files.get(path);
  }

  #visible(
    where: string,
    values: Value[][],
    columns: ColumnInfo[],
    { lo, hi, left, right }: { lo: Value[]; hi: Value[]; left: boolean; right: boolean },
  ): Row[] {
    const rows = (values[0] ?? []).map((_, row) => values.map((column) => column[row]));
    const keys = rows.map((row) => row.filter((_, i) => columns[i]!.idx));
    if (keys.some((key, i) => i > 0 && compare(keys[i - 1]!, key) > 0))
      this.#bad(where, "the index is not sorted");
    return rows.flatMap((row, i) => {
      const [a, b] = [compare(keys[i]!, lo), compare(keys[i]!, hi)];
      if (a < 0 || (a === 0 && !left) || b > 0 || (b === 0 && !right)) return [];
      return [Object.fromEntries(row.map((value, c) => [columns[c]!.name, value]))];
    });
  }

  /** Returns the values of a column. Checks its digest if one is given. */
  async #column(where: string, bytes: Uint8Array, column: ColumnInfo, digest?: string): Promise<Value[]> {
    if (!(bytes instanceof Uint8Array)) {
      this.#bad(where, `${column.name} is no bytes`);
      return [];
    }
    if (bytes.length === 0) return [];
    const isOpaque = column.dt === "object" || column.dt === "<U0";
    let data = bytes;
    try {
      for (const codec of [...column.codecs].reverse()) {
        if (codec === "msgpack2") return this.#packed(where, bytes, data, column, digest);
        data = await decompress(codec, data);
      }
    } catch (error) {
      this.#bad(where, `${column.name} cannot be decoded: ${String(error)}`);
      return [];
    }
    const right = digest === undefined || digest === sha1(data) || digest === sha1(bytes);
    const isTime = column.dt.startsWith("datetime64");
    if (!right && !isTime && !isOpaque) this.#bad(where, `${column.name} is not what its digest says`);
    return numbers(data, column.dt);
  }

  #packed(
    where: string,
    bytes: Uint8Array,
    data: Uint8Array,
    { name }: ColumnInfo,
    digest: string | undefined,
  ): Value[] {
    if (digest !== undefined && digest !== sha1(bytes))
      this.#bad(where, `${name} is not what its digest says`);
    const items = decode(data) as unknown[];
    const [dtype, shape] = items.slice(-2) as [string, number[]];
    if (shape[0] !== items.length - 2) this.#bad(where, `${name} has a shape of ${shape}`);
    const width = /^<U(\d+)$/.exec(dtype)?.[1];
    const values = items.slice(0, -2);
    if (width && values.some((value) => [...String(value)].length > Number(width)))
      this.#bad(where, `${name} has text longer than ${dtype}`);
    return values;
  }
}

/** A series in a leaf, or a child in a branch. */
interface PageEntry {
  label: string;
  size: number;
}

/** FNV-1a of the height and the label, finished as MurmurHash3. */
function pageHash(label: string, height: number): number {
  let hash = 2_166_136_261;
  for (const byte of [height, ...Buffer.from(label)]) hash = Math.imul(hash ^ byte, 16_777_619);
  for (const factor of [0x85ebca6b, 0xc2b2ae35]) {
    hash = Math.imul(hash ^ (hash >>> (factor === 0x85ebca6b ? 16 : 13)), factor);
  }
  return (hash ^ (hash >>> 16)) >>> 0;
}

async function decompress(codec: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (codec === "zstd") return Zstd.fromConfig({ id: "zstd", level: 1 }).decode(bytes);
  if (codec !== "blosc") throw new Error(`codec ${codec} is not checked`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(12, true) !== bytes.length) throw new Error("a wrong length in the header");
  if (view.getUint32(8, true) === 0) throw new Error("a block size of 0");
  return Blosc.fromConfig({ id: "blosc", blocksize: 0, clevel: 5, cname: "zstd", shuffle: 2 }).decode(bytes);
}

function numbers(bytes: Uint8Array, dt: string): Value[] {
  const buffer = bytes.slice().buffer;
  if (/^(datetime64|timedelta64|int64)/.test(dt)) return [...new BigInt64Array(buffer)];
  switch (dt) {
    case "float64":
      return [...new Float64Array(buffer)];
    case "float32":
      return [...new Float32Array(buffer)];
    case "int32":
      return [...new Int32Array(buffer)];
    case "bool":
    case "uint8":
      return [...new Uint8Array(buffer)];
    default:
      throw new Error(`dtype ${dt} is not checked`);
  }
}

const SIZES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1 };
const sizeOf = (dt: string): number => SIZES[dt] ?? 8;

function compare(a: Value[], b: Value[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i], b[i]];
    const order =
      typeof x === "string" && typeof y === "string"
        ? Buffer.compare(Buffer.from(x), Buffer.from(y))
        : Number(x! > y!) - Number(x! < y!);
    if (order !== 0) return order;
  }
  return 0;
}
