/** The writer and the reader of a frame. */
export const DIRECTIONS = ["Python → JavaScript", "JavaScript → Python"] as const;
export type Direction = (typeof DIRECTIONS)[number];

declare module "vitest" {
  interface TaskMeta {
    /** Number of frames that the test compared. */
    frames?: Record<Direction, number>;
  }
}
