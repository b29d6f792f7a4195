import { type OpenOptions, openRepo, type Repo } from "../../src/node.ts";
import { KEYS } from "../../test/s3-server/tools.ts";
import type { Setting } from "./setting.ts";

/** Opens the repository that all machines share. */
export const openShared = ({ uri, endpoint }: Setting, options: OpenOptions = {}): Promise<Repo> =>
  openRepo(uri, { endpoint, credentials: KEYS, ...options });
