import { connect, type Repo } from "lakota";
import { isInBrowser, type Settings } from "./settings.ts";

/** Opens the repository of the settings. Requests are signed only if there is an access key. */
export function openRepo(settings: Settings): Promise<Repo> {
  const { uri, endpoint, region, accessKeyId, secretAccessKey, sessionToken, token } = settings;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  return connect(uri, {
    writeOffline: true,
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(accessKeyId && { credentials }),
    ...(token && { token }),
  });
}

/** Returns a name to display, such as "demo/v2 at 127.0.0.1:9000" or "my-files in this browser". */
export function connectionName({ uri, endpoint }: Settings): string {
  const name = uri.replace(/^\w+:\/\//, "");
  if (isInBrowser({ uri })) return `${name} in this browser`;
  return endpoint ? `${name} at ${URL.canParse(endpoint) ? new URL(endpoint).host : endpoint}` : name;
}
