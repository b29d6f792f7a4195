import { connect } from "lakota";
import { type Columns, type Open, SHOWN } from "../peer.ts";

/** Records when the rows that the last visit knew are there. */
const onStale = () => performance.mark(SHOWN);

/** Reads with the default options, with signed requests. */
export const open: Open = async ({ store, source, keys }) => {
  const repo = await connect(`s3://${source}/bench`, { endpoint: store, credentials: keys });
  const collection = await repo.collection("bench", { allowStale: true });
  const series = collection.series("s");
  const columns = (frame: Awaited<ReturnType<typeof series.read>>): Columns => ({
    t: frame.get("timestamp") as BigInt64Array,
    v: frame.get("value") as Float64Array,
  });
  return {
    last: async (rows) => columns(await series.tail(rows, { onStale })),
    all: async () => columns(await series.read()),
    range: async (start, stop) => columns(await series.read({ start: BigInt(start), stop: BigInt(stop) })),
    picture: async (points) => {
      const { rows, columns } = await series.downsample({ points });
      return { rows, ...columns.value! };
    },
    refresh: () => collection.refresh(),
  };
};
