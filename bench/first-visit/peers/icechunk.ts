import { Repository } from "@earthmover/icechunk";
import { createFetchStorage } from "@earthmover/icechunk/fetch-storage";
import type { Open } from "../peer.ts";
import { openZarrSeries } from "../zarr-series.ts";

export const open: Open = async ({ store }) => {
  const repository = await Repository.open(createFetchStorage(`${store}/peers/icechunk`));
  const session = await repository.readonlySession({ branch: "main" });
  return openZarrSeries(session.store);
};
