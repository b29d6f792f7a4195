#!/bin/bash
# usage: build.sh [OUTPUT [CACHE]]
# From nothing to OUTPUT/decoder.wasm and OUTPUT/encoder.wasm (default: src/). Downloads are kept in CACHE (.cache).
set -euo pipefail
package=$(cd "$(dirname "$0")/.." && pwd)
output=$(mkdir -p "${1:-$package/src}" && cd "${1:-$package/src}" && pwd)
cache=${2:-$package/.cache}

"$package/build/install-toolchain.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$package/build/fetch-sources.sh" "$cache" "$work"
python3 "$package/build/patch-sources.py" "$work"
cp -r "$package/glue" "$package/build/Makefile" "$work"

# Everything is compiled by relative names inside a folder of its own, so no path of this machine gets into a module.
# emcc looks for node and, for its own use, for the JavaScript packages that Debian puts elsewhere.
NODE_PATH=/usr/share/nodejs make --silent -C "$work" -j"$(nproc)" all

for module in decoder encoder; do
  cp "$work/$module.wasm" "$output/$module.wasm"
  echo "$module.wasm: $(wc -c <"$output/$module.wasm") bytes, $(gzip -9nc "$output/$module.wasm" | wc -c) gzipped"
done
