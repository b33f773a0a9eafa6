#!/usr/bin/env bash
# Peak memory of a run over five documents (at most 100 MB), and growth: a PDF repeated 37 times may cost at most 1.3 times the time per page, and 400 MB.
# usage: benches/memory.sh   (PALMARES_SHARED names the shared folder, by default ../shared). Needs GNU time and qpdf.
set -euo pipefail
cd "$(dirname "$0")/.."
palmares=$(realpath "${PALMARES:-target/release/palmares}")
raw=$(realpath "${PALMARES_SHARED:-../shared}")/corpus/raw
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
times=37

peak() { # peak COMMAND…: kilobytes
  /usr/bin/time -f %M -o "$scratch/peak" "$@" > /dev/null
  tail -n 1 "$scratch/peak"
}

cpu() { # cpu COMMAND…: CPU seconds, the best of five
  for _ in 1 2 3 4 5; do
    /usr/bin/time -f '%U %S' -o "$scratch/cpu" "$@" > /dev/null
    tail -n 1 "$scratch/cpu" | awk '{ print $1 + $2 }'
  done | sort -g | head -n 1
}

run=$(peak "$palmares" run -q --no-config -o "$scratch/extracted" "$raw/000.html" "$raw/001.pdf" "$raw/002.html" "$raw/003.html" "$raw/004.pdf")
echo "run over five documents: peak $((run / 1024)) MB (at most 100)"
copies=()
for ((i = 0; i < times; i++)); do copies+=("$raw/004.pdf"); done
qpdf --empty --pages "${copies[@]}" -- "$scratch/long.pdf"
one=$(cpu "$palmares" extract -q --no-config "$raw/004.pdf")
long=$(cpu "$palmares" extract -q --no-config "$scratch/long.pdf")
peak_long=$(peak "$palmares" extract -q --no-config "$scratch/long.pdf")
entries=$("$palmares" extract -q --no-config "$scratch/long.pdf" | wc -l)
growth=$(awk -v one="$one" -v long="$long" -v times="$times" 'BEGIN { printf "%.2f", long / one / times }')
echo "$times copies of one PDF: $entries entries, $growth times the CPU time per page (at most 1.3), peak $((peak_long / 1024)) MB (at most 400)"
awk -v growth="$growth" 'BEGIN { exit growth > 1.3 }'
[ "$run" -le $((100 * 1024)) ] && [ "$peak_long" -le $((400 * 1024)) ]
