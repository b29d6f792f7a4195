/**
 * The files of a local store with their sizes and times of last use, from which victims of eviction are
 * chosen.
 *
 * Files and sizes come from the store's own listing, so that two tabs on one store agree on them. Only the
 * times of use are recorded; of two times for a file, the later one counts. See `usage-records.ts`.
 */
export class UsageIndex {
  /** Bytes of all files. */
  total = 0;
  /** Bytes of each file. */
  sizes = new Map<string, number>();
  /** Epoch milliseconds when each file was last used. */
  readonly used = new Map<string, number>();
  /** Files that are never evicted. They need not exist. */
  protected = new Set<string>();
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  touch(path: string): void {
    this.used.set(path, this.now());
  }

  add(path: string, size: number): void {
    this.remove(path);
    this.sizes.set(path, size);
    this.total += size;
    this.touch(path);
  }

  remove(path: string): void {
    this.total -= this.sizes.get(path) ?? 0;
    this.sizes.delete(path);
    this.used.delete(path);
  }

  /** Bytes of the files that are never evicted. */
  get protectedBytes(): number {
    return [...this.protected].reduce((sum, path) => sum + (this.sizes.get(path) ?? 0), 0);
  }

  clear(): void {
    this.sizes.clear();
    this.used.clear();
    this.total = 0;
  }
}
