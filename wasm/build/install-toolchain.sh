#!/bin/bash
# Installs the Debian packages that the build needs, those only that are missing.
set -euo pipefail
cd "$(dirname "$0")"
. ./versions.sh

missing=()
command -v emcc >/dev/null || missing+=(emscripten)
command -v dpkg-source >/dev/null || missing+=(dpkg-dev)
command -v python3 >/dev/null || missing+=(python3)
command -v xz >/dev/null || missing+=(xz-utils)

if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]} with apt-get"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

found=$(emcc --version | sed -n '1s/.* \([0-9][0-9.]*\) .*/\1/p')
if [ "$found" != "$emscripten_version" ]; then
  echo "emcc is version '$found'; the modules are built with $emscripten_version (Debian $suite)." >&2
  exit 1
fi
