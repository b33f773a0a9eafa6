#!/usr/bin/env bash
# Runs the fuzz targets of fuzz/ with libFuzzer on whatever toolchain there is, as many at a time as there are cores: what guides it is the coverage of this
# project's own code, which any compiler can tell, and without `unsafe` no sanitizer has work. Seeds are the fixtures and ../shared/robust; inputs that lead
# somewhere new stay in target/fuzz/TARGET/corpus, and the next run goes on from them. Exits with 1 where something does not hold, and names the input.
# usage: scripts/fuzz.sh [SECONDS [TARGET…]]     (by default 60 seconds for each of the targets)
#        CARGO_PROFILE_DEV_OPT_LEVEL=1 before it builds three times as long and runs faster: for a night.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(pdf html markdown csv archive segmentation link)
shared=${PALMARES_SHARED:-../shared}
build=${CARGO_TARGET_DIR:-target}
work=target/fuzz
mkdir -p "$work"

# Only the project's own crates are compiled by a compiler that is told to count: the dependencies are built as for `cargo build`.
coverage="-Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do coverage+=" -Cllvm-args=-sanitizer-coverage-$option"; done
printf '#!/bin/sh\nexec "$@" %s\n' "$coverage" > "$work/rustc-covered"
chmod +x "$work/rustc-covered"
RUSTC_WORKSPACE_WRAPPER="$PWD/$work/rustc-covered" cargo build --quiet --package palmares-fuzz

# More of the same takes longer and leads nowhere new: growth has a measure of its own (benches/growth.py).
largest=12288
options=(-max_total_time="$seconds" -max_len="$largest" -timeout=60 -rss_limit_mb=2048 -print_final_stats=1)
# What makes a check fail is the change, not chance.
[ "${CI:-}" != true ] || options+=(-seed=1)

seeds() { # seeds TARGET: the files that it starts from
  local folders=(fixtures raw extracted) endings
  # PDFs that exhaust memory are stopped by the command, which gives each document a process of its own; a target is the process.
  [ "$1" = pdf ] || [ ! -d "$shared/robust" ] || folders+=("$shared/robust")
  case $1 in
    pdf | html) endings=$1 ;;
    markdown) endings=md ;;
    segmentation) endings=txt ;;
    csv | link) endings=csv ;;
    archive) endings='docx|rtf|warc' ;;
  esac
  find "${folders[@]}" -type f -size "-${largest}c" -regextype posix-extended -regex ".*\.($endings)"
}

fuzz() { # fuzz TARGET: prints a line, or the end of what it said where it failed
  local corpus="$work/$1/corpus" failures="$work/$1/failures" log="$work/$1/log"
  mkdir -p "$corpus" "$failures"
  # By their hash: fixtures are all called input.
  seeds "$1" | while read -r seed; do cp "$seed" "$corpus/$(sha1sum < "$seed" | cut -c1-40)"; done
  if "$build/debug/$1" "$corpus" -artifact_prefix="$failures/" "${options[@]}" > "$log" 2>&1; then
    echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, $(find "$corpus" -type f | wc -l) of them kept"
  else
    echo "$1: FAILED; the last lines of $log:"
    tail -n 20 "$log"
    return 1
  fi
}

running=()
for target in "${targets[@]}"; do
  [ ${#running[@]} -lt "$(getconf _NPROCESSORS_ONLN)" ] || wait -n || true
  fuzz "$target" &
  running+=($!)
done
failed=0
for process in "${running[@]}"; do wait "$process" || failed=1; done
exit "$failed"
