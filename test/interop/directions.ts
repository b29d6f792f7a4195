/** From whom frames came, and who read them. */
export const DIRECTIONS = ["Python → ours", "ours → Python"] as const;
export type Direction = (typeof DIRECTIONS)[number];

declare module "vitest" {
  interface TaskMeta {
    /** How many frames this test compared. */
    frames?: Record<Direction, number>;
  }
}
