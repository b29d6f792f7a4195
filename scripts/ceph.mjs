// Installs Ceph, whose S3 server the tests in test/radosgw/ use, from Debian's packages.
import { aptInstall, has, say } from "./system.mjs";

const COMMANDS = ["ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin"];
const PACKAGES = ["ceph-common", "ceph-mon", "ceph-osd", "radosgw"];

const missing = () => COMMANDS.filter((command) => !has(command));

/** Installs Ceph if commands are missing. Returns whether all are available. */
export function setUpCeph() {
  if (missing().length > 0 && has("apt-get")) {
    say(`missing: ${missing().join(", ")}`);
    aptInstall("--no-install-recommends", ...PACKAGES);
  }
  if (missing().length === 0) return true;
  say(`Ceph is needed (${missing().join(", ")} missing), and could not be installed with apt-get.`);
  return false;
}
