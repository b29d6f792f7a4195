/**
 * `lakota/react`: hooks that open repositories and read rows, and read them again when they change. The package `react`
 * (version 19) has to be installed beside lakota.
 *
 * ```tsx
 * import { Suspense } from "react";
 * import { createRoot } from "react-dom/client";
 * import { useCollection, useRepo, useSeries } from "lakota/react";
 *
 * function Latest({ city }: { city: string }) {
 *   const repo = useRepo("https://data.example.com/weather");
 *   const temperature = useCollection(repo, "temperature", { allowStale: true });
 *   const { data, error } = useSeries(temperature, city, { tail: 1, numbers: true });
 *   if (error) return <p>{String(error)}</p>;
 *   return <p>{data ? `${data.numbers("celsius")[0]} °C` : "Loading …"}</p>;
 * }
 *
 * createRoot(document.body).render(
 *   <Suspense fallback="Connecting …">
 *     <Latest city="Brussels" />
 *   </Suspense>,
 * );
 * ```
 *
 * @module
 */
export type { Loaded } from "./ui/live-read.ts";
export { useCollection } from "./ui/react/use-collection.ts";
export {
  type UseDownsampledOptions,
  useDownsampled,
  useSuspenseDownsampled,
} from "./ui/react/use-downsampled.ts";
export type { LiveOptions, QueryResult } from "./ui/react/use-query.ts";
export { useRepo } from "./ui/react/use-repo.ts";
export { type UseSeriesOptions, useSeries, useSuspenseSeries } from "./ui/react/use-series.ts";
