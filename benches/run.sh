#!/usr/bin/env bash
# The whole `palmares run` over five documents against `pdftotext -layout` on their two PDFs, one process after the other: ratio of medians.
# usage: benches/run.sh [FIVE DOCUMENTS]   by default those of the shared corpus (PALMARES_SHARED, by default ../shared)
# Needs hyperfine and pdftotext (poppler-utils). Exits with 1 when palmares takes longer.
set -euo pipefail
cd "$(dirname "$0")/.."
palmares=$(realpath "${PALMARES:-target/release/palmares}")
if [ $# -eq 0 ]; then
  raw=$(realpath "${PALMARES_SHARED:-../shared}")/corpus/raw
  set -- "$raw/000.html" "$raw/001.pdf" "$raw/002.html" "$raw/003.html" "$raw/004.pdf"
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
pdfs=()
for document in "$@"; do
  [ "$(head -c 5 "$document")" = "%PDF-" ] && pdfs+=("$document")
done
{
  echo '#!/bin/sh'
  for pdf in "${pdfs[@]}"; do printf 'pdftotext -layout "%s" /dev/null\n' "$pdf"; done
} > "$scratch/pdftotext.sh"
chmod +x "$scratch/pdftotext.sh"
hyperfine -N --warmup 3 --min-runs 20 --export-json "$scratch/times.json" \
  -n palmares "$palmares run -q --no-config -o $scratch/extracted $*" \
  -n pdftotext "$scratch/pdftotext.sh"
python3 - "$scratch/times.json" <<'PYTHON'
import json, sys
ours, theirs = (result["median"] for result in json.load(open(sys.argv[1]))["results"])
print(f"palmares {ours * 1000:.1f} ms, pdftotext {theirs * 1000:.1f} ms, ratio of medians {ours / theirs:.2f}")
sys.exit(ours > theirs)
PYTHON
