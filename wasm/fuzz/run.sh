#!/bin/bash
# usage: run.sh [--seconds N] [TARGET ...]
# Fuzzes the C code of the decoder under libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer, for N seconds
# in all (default 60). An input that fails is kept in .cache/fuzz/failures, and its path printed. Corpora grow in
# .cache/fuzz/corpus; those in corpus/ are where it starts. What is missing is installed with apt-get; where that is
# impossible, nothing is fuzzed, and the output says so.
set -euo pipefail
package=$(cd "$(dirname "$0")/.." && pwd)
cache=$package/.cache/fuzz
report=$package/../.cache/reports/fuzz-c.json # what scripts/tally.mjs prints at the end of CI
targets=()
seconds=60
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    zstd | lz4 | blosc | unshuffle) targets+=("$1"); shift ;;
    *) echo "usage: npm run fuzz:c -- [--seconds N] [zstd | lz4 | blosc | unshuffle ...]" >&2; exit 2 ;;
  esac
done
[ ${#targets[@]} -gt 0 ] || targets=(zstd lz4 blosc unshuffle)
mkdir -p "$cache/failures" "$(dirname "$report")"

skip() {
  echo "fuzz:c: skipped: $1"
  printf '{"skipped":"%s"}' "$1" >"$report"
  exit 0
}

has_libfuzzer() {
  echo 'int LLVMFuzzerTestOneInput(const char *data, unsigned long size) { return !data && size; }' |
    clang -x c -fsanitize=fuzzer,address,undefined - -o "$cache/probe" 2>/dev/null
}

missing=()
command -v clang >/dev/null || missing+=(clang)
command -v dpkg-source >/dev/null || missing+=(dpkg-dev)
command -v python3 >/dev/null || missing+=(python3)
command -v make >/dev/null || missing+=(make)
command -v xz >/dev/null || missing+=(xz-utils)
if [ ${#missing[@]} -gt 0 ] || ! has_libfuzzer; then
  command -v apt-get >/dev/null || skip "clang with libFuzzer is missing, and there is no apt-get to install it"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  install() {
    echo "Installing $* with apt-get"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  }
  "${as_root[@]}" apt-get update -qq || skip "apt-get cannot install clang with libFuzzer"
  [ ${#missing[@]} = 0 ] || install "${missing[@]}" || skip "apt-get cannot install ${missing[*]}"
  version=$(clang -dumpversion | cut -d. -f1)
  has_libfuzzer || install "libfuzzer-$version-dev" "libclang-rt-$version-dev" || true
  has_libfuzzer || skip "apt-get has no libFuzzer for clang $version"
fi

work=$cache/build
if [ ! -d "$work/zstd" ]; then
  rm -rf "$work"
  unpacked=$(mktemp -d "$cache/unpacked-XXXXXX")
  "$package/build/fetch-sources.sh" "$package/.cache" "$unpacked"
  python3 "$package/build/patch-sources.py" "$unpacked"
  mv "$unpacked" "$work"
fi
rm -rf "$work/glue" "$work/fuzz" "$work/objects/glue" "$work/objects/fuzz"
cp -r "$package/glue" "$package/fuzz" "$package/fuzz/Makefile" "$work"
make --silent -C "$work" -j"$(nproc)" all

each=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]}))
total=0
failures=0
for target in "${targets[@]}"; do
  mkdir -p "$cache/corpus/$target"
  log=$cache/$target.log
  # One input may take half a gigabyte and ten seconds.
  if ! "$work/fuzz-$target" "$cache/corpus/$target" "$package/fuzz/corpus/$target" -max_total_time="$each" \
    -max_len=70000 -timeout=10 -rss_limit_mb=512 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$cache/failures/$target-" >"$log" 2>&1; then
    failures=$((failures + 1))
    grep -aE "ERROR|runtime error|SUMMARY|Test unit written|^[a-z/]*\.c:[0-9]+:" "$log" | head -n 20 || tail -n 20 "$log"
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  total=$((total + ${runs:-0}))
  echo "fuzz:c $target: ${runs:-0} runs"
done
echo "fuzz:c: $total inputs, $failures failures"
printf '{"inputs":%d,"failures":%d}' "$total" "$failures" >"$report"
[ "$failures" = 0 ]
