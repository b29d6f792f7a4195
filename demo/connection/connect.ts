import { connect, type Repo } from "lakota";
import type { Settings } from "./settings.ts";

/** Opens the repository that the form describes. Without an access key requests are not signed. */
export function openRepo({ uri, endpoint, region, accessKeyId, secretAccessKey }: Settings): Promise<Repo> {
  return connect(uri, {
    writeOffline: true,
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(accessKeyId && { credentials: { accessKeyId, secretAccessKey } }),
  });
}

/** Such as "demo/v1 at 127.0.0.1:9000". */
export function connectionName({ uri, endpoint }: Settings): string {
  const name = uri.replace(/^\w+:\/\//, "");
  return endpoint ? `${name} at ${URL.canParse(endpoint) ? new URL(endpoint).host : endpoint}` : name;
}
