#!/usr/bin/env bash
# Writes docs/accuracy.md from what `palmares eval` measures. Usage: scripts/accuracy.sh [SHARED], with the shared corpus in SHARED
# (by default $PALMARES_SHARED, or ../shared). Build the release binary first, or name another in $PALMARES.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${1:-${PALMARES_SHARED:-../shared}}
palmares=$(realpath "${PALMARES:-target/release/palmares}")
out=docs/accuracy.md
mkdir -p docs

# Documents are named as they lie in the shared folder or the repository, wherever that is on this machine. A missed floor is no reason to stop.
measure() {
  local folder=$1
  shift
  (cd "$folder" && "$palmares" eval --no-config --quiet --markdown "$@") || [ $? -eq 1 ]
}

{
  cat scripts/accuracy/head.md
  printf '\n## The corpus: text\n\n'
  measure "$shared" --gold corpus/gold corpus/text
  printf '\n## The corpus: HTML and PDF\n\n'
  measure "$shared" --gold corpus/gold corpus/raw
  printf '\n## Real documents\n\n'
  cat scripts/accuracy/real.md
  printf '\n'
  measure "$shared" --gold real/gold real/docs
  printf '\n## The fixtures that were held out\n\n'
  cat scripts/accuracy/held-out.md
  printf '\n'
  measure . --gold fixtures/held-out | sed -n '/^### pooled/,$p'
  printf '\n## Confidence\n\n'
  cat scripts/accuracy/confidence.md
  for set in "corpus/gold corpus/text corpus/raw" "real/gold real/docs"; do
    read -r gold documents <<<"$set"
    printf '\n### %s\n\n' "${documents/ / and }"
    # shellcheck disable=SC2086 # several folders
    measure "$shared" --calibration --gold "$gold" $documents | sed -n '/^| confidence/,$p'
  done
  printf '\n### fixtures/held-out\n\n'
  measure . --calibration --gold fixtures/held-out | sed -n '/^| confidence/,$p'
} >"$out"
printf '%s\n' "$out"
