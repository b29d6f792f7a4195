/** Filters and reductions, as one lazily loaded part: most readers never need them. */
export { FilteredRead } from "./filtered-read.ts";
export { SeriesReduction } from "./series-reduction.ts";
