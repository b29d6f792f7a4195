import type { TestProject } from "vitest/node";
import { KEYS } from "../s3-server/tools.ts";
import { startCluster } from "./cluster.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where Ceph answers S3 requests. */
    radosgw: string;
  }
}

/** One Ceph for all tests. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster(KEYS);
  console.log(`Ceph's S3 is at ${cluster.url}`);
  project.provide("radosgw", cluster.url);
  return () => cluster.close();
}
