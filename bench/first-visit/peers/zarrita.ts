import * as zarr from "zarrita";
import type { Open } from "../peer.ts";
import { openZarrSeries } from "../zarr-series.ts";

export const open: Open = ({ store, source }) => openZarrSeries(new zarr.FetchStore(`${store}/${source}`));
