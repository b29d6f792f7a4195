import { tableFromIPC } from "apache-arrow";
import { openArrowSeries } from "../arrow-series.ts";
import type { Open } from "../peer.ts";

export const open: Open = async (context) =>
  openArrowSeries(context, async () => tableFromIPC(fetch(`${context.store}/${context.source}`)));
