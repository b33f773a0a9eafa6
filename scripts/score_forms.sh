#!/usr/bin/env bash
# Saves the documents of the shared corpus in other forms (scripts/forms.py) and scores what the release binary reads from them; exits with 1 where a floor is not met.
# usage: scripts/score_forms.sh [PALMARES]   (python3 with the packages that forms.py names; tesseract with French and pdftoppm, whose absence fails with CI=true and is said otherwise)
set -uo pipefail
cd "$(dirname "$0")/.."
palmares=$(realpath "${1:-target/release/palmares}")
shared=$(realpath "${PALMARES_SHARED:-../shared}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

score() { # score FILE GOLD FIELD=F1…
  local file=$1 gold=$2 floors=() got
  shift 2
  for floor in "$@"; do floors+=(--min "$floor"); done
  "$palmares" extract -q --no-config --ocr auto "$scratch/forms/$file" > "$scratch/mentions.ndjson"
  got=$(python3 "$shared/eval/score.py" "$shared/corpus/gold/$gold.json" "$scratch/mentions.ndjson" "${floors[@]}") || { failed=1; echo "FAILED: $file: $(grep ' is under ' <<< "$got" | paste -sd ';')"; }
  printf '%-14s %s, %s\n' "$file" "$(grep '^macro F1' <<< "$got" | sed 's/.*: /macro F1 /')" "$(awk '$1 == "name" { print "name F1 " $7 }' <<< "$got")"
}

python3 scripts/forms.py "$shared" "$scratch/forms" || exit 1
for document in 000 001 002 003 004; do
  score "$document.docx" "$document" records=1 macro_f1=.98
  score "$document.odt" "$document" records=1 macro_f1=.98
  score "$document.xlsx" "$document" records=1 name=.98
done

# In an archive each document gives the bytes that it gives outside, but for its path and the ids that follow from it.
cp -r "$shared/corpus/raw" "$scratch/lot"
(cd "$scratch" && "$palmares" extract -q --no-config lot > outside.ndjson && mv lot gone && mv forms/corpus.zip . && "$palmares" extract -q --no-config corpus.zip > inside.ndjson)
plain() { sed -E 's#corpus.zip/lot/#lot/#; s#"id":"m-[0-9a-f]+"##' "$1"; }
if cmp <(plain "$scratch/inside.ndjson") <(plain "$scratch/outside.ndjson"); then echo "corpus.zip     the same $(wc -l < "$scratch/inside.ndjson") mentions as outside"; else failed=1; echo "FAILED: corpus.zip"; fi

if command -v tesseract > /dev/null && command -v pdftoppm > /dev/null && tesseract --list-langs | grep -qx fra; then
  score 001-scan.pdf 001 records=.98 name=.9 territory=.95
elif [ "${CI:-}" = true ]; then
  failed=1
  echo "FAILED: tesseract with French is not installed (tesseract-ocr tesseract-ocr-fra poppler-utils)"
else
  echo "the scan was not read: tesseract with French is not installed"
fi
[ "$failed" -eq 0 ]
