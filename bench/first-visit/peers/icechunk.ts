import { Repository } from "@earthmover/icechunk";
import { createFetchStorage } from "@earthmover/icechunk/fetch-storage";
import type { Open } from "../peer.ts";
import { openZarrSeries } from "../zarr-series.ts";

export const open: Open = async ({ store, source }) => {
  const repository = await Repository.open(createFetchStorage(`${store}/${source}`));
  const session = await repository.readonlySession({ branch: "main" });
  return openZarrSeries(session.store);
};
