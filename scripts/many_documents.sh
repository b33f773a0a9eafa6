#!/usr/bin/env bash
# Runs over 1,000, 2,000 and 10,000 small documents of six laureates each, the same in all or others in each, and prints CPU seconds, memory and laureates.
# usage: scripts/many_documents.sh [PALMARES] [DOCUMENTS…]
# Exits with 1 where the laureates are not as many as there are, 10,000 documents take over 400 MB or would by the growth from the smaller number to
# the greater, or the CPU time grows faster than the documents do.
set -euo pipefail
cd "$(dirname "$0")/.."
palmares=$(realpath "${1:-target/release/palmares}")
shift || true
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

make_documents() { # make_documents FOLDER DOCUMENTS KIND: KIND is same or other
  python3 - "$@" <<'PYTHON'
import os, sys
folder, documents, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
names = ["Semeurs", "Glaneurs", "Jardiniers", "Forgerons", "Tisserands", "Luthiers"]
os.makedirs(folder)
letters = lambda number: "".join("bcdfglmnprstv"[number // 13**at % 13] + "aeiou"[number // 5**at % 5] for at in range(5))
for document in range(documents):
    lines = [f"Palmarès, feuille {document + 1}", ""]
    for at, name in enumerate(names):
        own = "" if kind == "same" else " " + letters(document * len(names) + at).capitalize()
        lines += [f"{at + 1}. Les {name}{own}", f"Projet : Un atelier de {name.lower()}{own}", f"Territoire : Lannion", ""]
    with open(f"{folder}/{document:05}.txt", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
PYTHON
}

[ $# -gt 0 ] || set -- 1000 2000 10000
numbers=("$@")
greatest=${numbers[-1]}
status=0
printf '%-6s %9s %8s %6s %9s %8s\n' laureates documents seconds MB found links
for kind in same other; do
  before=
  for number in "${numbers[@]}"; do
    make_documents "$kind$number" "$number" "$kind"
    # What threads hold at once differs by some 20 MB from run to run: of three the least counts, where the first takes too much.
    memory=
    for _ in 1 2 3; do
      rm -rf out
      /usr/bin/time -f '%U %S %M' -o time "$palmares" run -q --no-config -o out "$kind$number" || status=1
      read -r user system peak < time
      [ -n "$memory" ] && [ "$peak" -ge "$memory" ] || memory=$peak
      [ "$memory" -gt $((390 * 1024)) ] || break
    done
    seconds=$(awk "BEGIN { print $user + $system }")
    found=$(wc -l < out/laureates.ndjson)
    links=$(wc -l < out/links.ndjson)
    printf '%-9s %9s %8s %6s %6s %8s\n' "$kind" "$number" "$seconds" $((memory / 1024)) "$found" "$links"
    [ "$kind" = other ] && expected=$((6 * number)) || expected=6
    [ "$found" -eq "$expected" ] || { echo "FAILED: $found laureates, not $expected"; status=1; }
    # Of the greatest number: a thousand documents say little of nine thousand more.
    [ "$number" != "$greatest" ] || awk -v now="$memory" -v number="$number" -v before="$before" 'BEGIN {
      split(before, was); growth = before == "" ? 0 : (now - was[3]) / (number - was[2])
      exit now + growth * (10000 - number) > 400 * 1024 }' ||
      { echo "FAILED: over 400 MB for 10,000 documents"; status=1; }
    # 2.3 times the time for twice the documents, as everywhere.
    awk -v now="$seconds" -v number="$number" -v before="$before" 'BEGIN {
      split(before, was); exit before != "" && now > 0.5 && now / was[1] > exp(log(2.3) * log(number / was[2]) / log(2)) }' ||
      { echo "FAILED: slower than the documents grow"; status=1; }
    before="$seconds $number $memory"
    rm -rf "${kind:?}$number" out
  done
done
exit $status
