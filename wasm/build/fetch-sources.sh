#!/bin/bash
# usage: fetch-sources.sh CACHE TARGET
# Downloads the pinned Debian source packages into CACHE (once), verifies them and unpacks them into TARGET,
# Debian's own patches applied. The system's apt configuration is read, never changed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/versions.sh"
mkdir -p "$1" "$2"
cache=$(cd "$1" && pwd)
target=$(cd "$2" && pwd)

verify() { (cd "$cache" && sha256sum --status --strict -c "$here/sources.sha256"); }

download() {
  # A private apt with one deb-src line, on the mirror that the system itself uses.
  local apt=$cache/apt mirror
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $suite" "Created-By: Packages" "Label: Debian" | head -n 1)
  echo "deb-src ${mirror:-http://deb.debian.org/debian} $suite main" >"$apt/sources.list"
  local options=(
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "APT::Sandbox::User=$(id -un)"
  )
  apt-get "${options[@]}" update -qq
  (cd "$cache" && apt-get "${options[@]}" source -qq --download-only $source_packages)
  rm -rf "$apt"
}

verify 2>/dev/null || download
verify || { echo "The downloaded sources are not the pinned ones (build/sources.sha256)." >&2; exit 1; }

cd "$target"
for description in "$cache"/*.dsc; do
  dpkg-source --no-copy -x "$description" >unpack.log 2>&1 || { cat unpack.log >&2; exit 1; }
done
rm unpack.log
mv c-blosc-* c-blosc
mv libzstd-* zstd
mv lz4-* lz4
