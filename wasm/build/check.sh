#!/bin/bash
# Builds both modules again in clean folders, downloads included, and compares them with those that are committed.
set -euo pipefail
package=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$package/build/build.sh" "$work/output" "$work/cache"

for module in decoder encoder; do
  if ! cmp "$work/output/$module.wasm" "$package/src/$module.wasm"; then
    echo "src/$module.wasm is not what the sources make: run 'npm run build:wasm -w numcodecs-wasm' and commit it." >&2
    exit 1
  fi
done
echo "Both modules are byte-identical to those in src/."
