import type { Collection } from "lakota";
import type { DetailedRevision } from "../state/page-state.ts";

/** Revisions that are read at first, the newest ones. A listing has them all. */
const FIRST_REVISIONS = 200;
/** Revisions whose notes are read at first: the details of each are a file to read. */
const FIRST_DETAILS = 24;

/** The revisions of a collection, as far as they have been read. */
export class RevisionLog {
  #revisions: readonly DetailedRevision[] = [];
  #limit = FIRST_REVISIONS;
  #detailed = FIRST_DETAILS;

  /** Oldest first. The newest ones have details. */
  get revisions(): readonly DetailedRevision[] {
    return this.#revisions;
  }

  /** Whether there may be older revisions. */
  get hasOlder(): boolean {
    return this.#revisions.length === this.#limit;
  }

  clear(): void {
    this.#revisions = [];
    this.#limit = FIRST_REVISIONS;
    this.#detailed = FIRST_DETAILS;
  }

  /** Has the details of all revisions read from now on. Returns whether that is new. */
  wantDetails(): boolean {
    return this.#want(this.#limit);
  }

  /** Has twice as many revisions read from now on, with their details. */
  wantOlder(): boolean {
    return this.#want(2 * this.#limit);
  }

  async read(collection: Collection, signal: AbortSignal): Promise<void> {
    const revisions = await collection.log({ limit: this.#limit, signal });
    if (signal.aborted) return;
    const known = new Map(this.#revisions.map((revision) => [revision.id, revision]));
    // What is known of older revisions stays; only whether they are heads may be new.
    this.#revisions = revisions.map((revision) => ({ ...known.get(revision.id), ...revision }));
  }

  /** Reads the details from a position on that are not known yet. Returns whether there were any. */
  async readDetails(collection: Collection, position: number, signal: AbortSignal): Promise<boolean> {
    const wanted = Math.max(this.#detailed, this.#revisions.length - position);
    const newest = this.#revisions.slice(-wanted);
    if (newest.every(({ rows, note }) => rows !== undefined || note !== undefined)) return false;
    const detailed = await collection.log({ limit: wanted, details: true, signal });
    if (signal.aborted) return false;
    const byId = new Map(detailed.map((revision) => [revision.id, revision]));
    this.#revisions = this.#revisions.map((revision) => byId.get(revision.id) ?? revision);
    return true;
  }

  #want(revisions: number): boolean {
    if (revisions <= this.#limit && revisions <= this.#detailed) return false;
    this.#limit = revisions;
    this.#detailed = revisions;
    return true;
  }
}
