import { connect, type Repo } from "lakota";
import type { Settings } from "./settings.ts";

/** Opens the repository of the settings. Requests are signed only if there is an access key. */
export function openRepo({ uri, endpoint, region, accessKeyId, secretAccessKey }: Settings): Promise<Repo> {
  return connect(uri, {
    writeOffline: true,
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(accessKeyId && { credentials: { accessKeyId, secretAccessKey } }),
  });
}

/** Returns a name to display, such as "demo/v2 at 127.0.0.1:9000". */
export function connectionName({ uri, endpoint }: Settings): string {
  const name = uri.replace(/^\w+:\/\//, "");
  return endpoint ? `${name} at ${URL.canParse(endpoint) ? new URL(endpoint).host : endpoint}` : name;
}
