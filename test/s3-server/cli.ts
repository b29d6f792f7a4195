import { parseArgs } from "node:util";
import { startS3 } from "./index.ts";

/** npx tsx test/s3-server/cli.ts --port 9000 --dir data --bucket demo --key id:secret --public demo */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "9000" },
    dir: { type: "string" },
    bucket: { type: "string", multiple: true, default: ["demo"] },
    key: { type: "string", multiple: true, default: ["id:secret"] },
    region: { type: "string", default: "us-east-1" },
    /** Buckets that may be read without a signature. */
    public: { type: "string", multiple: true, default: [] },
  },
});

const s3 = await startS3({
  port: Number(values.port),
  region: values.region,
  keys: Object.fromEntries(
    values.key.map((pair) => [pair.split(":")[0]!, pair.slice(pair.indexOf(":") + 1)]),
  ),
  publicRead: (bucket) => values.public.includes(bucket),
  ...(values.dir !== undefined && { dir: values.dir }),
});
for (const bucket of values.bucket) s3.objects.createBucket(bucket);
console.log(`S3 at ${s3.url}, buckets ${values.bucket.join(", ")}. Ctrl-C ends it.`);
