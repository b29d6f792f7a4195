import { decodeColumn } from "../../codecs/decode.ts";
import { type Bytes, toHex } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { compareStrings } from "../../model/key.ts";
import { lowerBound } from "../../model/lower-bound.ts";
import type { Schema } from "../../model/schema.ts";
import {
  decodeTable,
  LENGTH,
  MAX_COLUMN_BYTES,
  type Payload,
  textColumn,
  unpackMap,
} from "../decode-table.ts";
import type { FlatTable } from "../flat-table.ts";

/** A page of a tree: a leaf has segments, as a commit without a tree has them; a branch leads to other pages. */
export type Page = FlatTable | BranchPage;

/** Levels of a tree at most: far more than 2^32 series take. */
const MAX_HEIGHT = 32;
const DIGEST_BYTES = 20;

/** A page that leads to pages of the level below it. */
export class BranchPage {
  /** Levels below it. The children of a branch of height 1 are leaves. */
  readonly height: number;
  /** In order of their series. */
  readonly children: readonly ChildPage[];

  constructor(height: number, children: readonly ChildPage[]) {
    this.height = height;
    this.children = children;
  }

  /** Returns the position of the only child that can have a series; the number of children if none can. */
  positionOf(label: string): number {
    return lowerBound(this.children.length, (i) => compareStrings(lastOf(this.children[i]!), label) < 0);
  }
}

/** What a branch knows of one of its children. */
export interface ChildPage {
  readonly digest: string;
  /** Of a leaf: the labels of all its series, sorted. Of a branch: the last label below it. */
  readonly labels: readonly string[];
}

/** The last label in a page. */
export const lastOf = ({ labels }: ChildPage): string => labels[labels.length - 1]!;

/**
 * Returns how a page differs from what the branch above says of it, if it does. Searches would miss series then, and a page that
 * is its own neighbour many times would take for ever to read.
 *
 * @param height levels that must be below the page
 */
export function childFault(page: Page, { labels }: ChildPage, height: number): string | undefined {
  if (heightOf(page) !== height) return `is ${heightOf(page)} levels high instead of ${height}`;
  const own = page instanceof BranchPage ? [lastOf(page.children.at(-1)!)] : page.distinctLabels();
  const isSame = own.length === labels.length && own.every((label, i) => label === labels[i]);
  return isSame ? undefined : "has other series than the page above it says";
}

/**
 * Returns how a branch right above the leaves differs from what it must have after other series, if it does. Where series are in
 * two branches, a tree with few pages would have endless series.
 *
 * @param last the series before it; undefined for the first branch
 */
export function orderFault({ children }: BranchPage, last: string | undefined): string | undefined {
  const first = children[0]!.labels[0]!;
  return last === undefined || compareStrings(last, first) < 0
    ? undefined
    : "has series that belong into the pages before it";
}

export const heightOf = (page: Page): number => (page instanceof BranchPage ? page.height : 0);

/** Decodes a page. @throws `corrupt` if it is not one of this schema */
export async function decodePage(bytes: Bytes, schema: Schema): Promise<Page> {
  const payload = unpackMap(bytes, "page");
  return "child" in payload ? decodeBranch(payload) : decodeTable(payload, schema);
}

/** Decodes a page that is no leaf. @throws `corrupt` */
export async function decodeBranch({ height, label, count, child }: Payload): Promise<BranchPage> {
  const isHeight =
    typeof height === "number" && Number.isInteger(height) && height > 0 && height <= MAX_HEIGHT;
  if (!isHeight || !(child instanceof Uint8Array) || !(count instanceof Uint8Array)) throw damaged();
  const limits = { maxBytes: MAX_COLUMN_BYTES };
  const labels = (await textColumn({ label }, "label", limits)).toArray();
  const rows = child.length / DIGEST_BYTES;
  const { column: counts } = await decodeColumn(
    count.slice(),
    { ...LENGTH, name: "count" },
    { ...limits, rows: Number.isInteger(rows) ? rows : 0 },
  );
  const children: ChildPage[] = [];
  let from = 0;
  for (let i = 0; i < rows; i++) {
    const to = from + Number((counts as BigInt64Array)[i]);
    const own = labels.slice(from, to);
    if (own.length === 0 || own.length !== to - from) throw damaged();
    const digest = toHex(child.subarray(DIGEST_BYTES * i, DIGEST_BYTES * (i + 1)));
    children.push({ digest, labels: own });
    from = to;
  }
  if (from !== labels.length || children.length === 0) throw damaged();
  if (labels.some((label, i) => i > 0 && compareStrings(labels[i - 1]!, label) >= 0)) throw damaged();
  return new BranchPage(height, children);
}

const damaged = () =>
  new LakotaError("corrupt", "A page of a tree is damaged: its labels, counts and children do not match.");
