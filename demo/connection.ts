import { connect, type Repo } from "lakota";
import type { Settings } from "./settings.ts";

/** Opens the repository that the form describes. Without an access key requests are not signed. */
export function open(settings: Settings): Promise<Repo> {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = settings;
  return connect(`s3://${bucket}`, {
    endpoint,
    ...(region && { region }),
    ...(accessKeyId && { credentials: { accessKeyId, secretAccessKey } }),
  });
}

/** Such as "demo/v1 at 127.0.0.1:9000". */
export const connectionName = ({ endpoint, bucket }: Settings): string =>
  `${bucket} at ${URL.canParse(endpoint) ? new URL(endpoint).host : endpoint}`;
