#!/bin/bash
# usage: run.sh [--seconds N]
# Fuzzes the C code of the decoder under libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer, for N seconds
# in all (default 60). An input that fails is kept in .cache/fuzz/failures, and its path printed. Corpora grow in
# .cache/fuzz/corpus; those in corpus/ are where it starts.
set -euo pipefail
package=$(cd "$(dirname "$0")/.." && pwd)
cache=$package/.cache/fuzz
targets=(zstd lz4 blosc unshuffle)
seconds=60
[ "${1:-}" = --seconds ] && seconds=$2

missing=()
command -v clang >/dev/null || missing+=(clang)
command -v dpkg-source >/dev/null || missing+=(dpkg-dev)
command -v python3 >/dev/null || missing+=(python3)
command -v make >/dev/null || missing+=(make)
command -v xz >/dev/null || missing+=(xz-utils)
ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1 || missing+=(libfuzzer-14-dev libclang-rt-14-dev)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]} with apt-get"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

work=$cache/build
if [ ! -d "$work/zstd" ]; then
  mkdir -p "$cache"
  rm -rf "$work"
  unpacked=$(mktemp -d "$cache/unpacked-XXXXXX")
  "$package/build/fetch-sources.sh" "$package/.cache" "$unpacked"
  python3 "$package/build/patch-sources.py" "$unpacked"
  mv "$unpacked" "$work"
fi
rm -rf "$work/glue" "$work/fuzz" "$work/objects/glue" "$work/objects/fuzz"
cp -r "$package/glue" "$package/fuzz" "$package/fuzz/Makefile" "$work"
make --silent -C "$work" -j"$(nproc)" all

mkdir -p "$cache/failures"
each=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]}))
total=0
crashes=0
for target in "${targets[@]}"; do
  mkdir -p "$cache/corpus/$target"
  log=$cache/$target.log
  # One MB is more than any target reads. Half a gigabyte and ten seconds are what one input may take.
  if ! "$work/fuzz-$target" "$cache/corpus/$target" "$package/fuzz/corpus/$target" -max_total_time="$each" \
    -max_len=70000 -timeout=10 -rss_limit_mb=512 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$cache/failures/$target-" >"$log" 2>&1; then
    crashes=$((crashes + 1))
    grep -aE "ERROR|runtime error|SUMMARY|Test unit written|^[a-z/]*\.c:[0-9]+:" "$log" | head -n 20 || tail -n 20 "$log"
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  total=$((total + ${runs:-0}))
  echo "fuzz:c $target: ${runs:-0} runs"
done
echo "fuzz:c: $total runs, $crashes crashes"
[ "$crashes" = 0 ]
