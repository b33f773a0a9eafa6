#!/usr/bin/env bash
# Links the labelled tables of the shared folder with the release binary and scores the groups against floors; exits with 1 where one is not met.
# usage: scripts/score_linking.sh [PALMARES]   (PALMARES_SHARED names the shared folder, by default ../shared)
set -uo pipefail
cd "$(dirname "$0")/.."
palmares=$(realpath "${1:-target/release/palmares}")
shared=$(realpath "${PALMARES_SHARED:-../shared}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit
passed=0
failed=0

score() { # score NAME GOLD LEVEL=FLOOR… [-- OPTION…]: F1 of each level of the groups in linked/, at least its floor
  local name=$1 gold=$2 levels=() found
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do levels+=("$1"); shift; done
  [ $# -gt 0 ] && shift
  found=$(python3 "$shared/eval/link_score.py" "$gold" linked/laureates.ndjson --json "$@") || found='{}'
  if FOUND=$found python3 - "$name" "${levels[@]}" <<'PYTHON'
import json, os, sys
found, low = json.loads(os.environ["FOUND"]), False
for level, floor in (text.split("=") for text in sys.argv[2:]):
    f1 = found.get(level, {}).get("f1", 0.0)
    print(f"{sys.argv[1]:<24} {level:<11} F1 {f1:.4f}  floor {floor}")
    low |= f1 < float(floor)
sys.exit(low)
PYTHON
  then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}

synthetic() { # synthetic RECORDS ORGANISATIONS LAUREATES: seed 42, which nothing was tuned on
  python3 "$shared/link/gen_orgs.py" --n "$1" --seed 42 --out "s$1" > /dev/null
  "$palmares" link "s$1.csv" --map project=project_title --links none -o linked -q
  score "synthetic, $1" "s$1.csv" "org_id=$2" "project_id=$3"
}

synthetic 10000 .915 .972
synthetic 100000 .883 .969

# Two lists of the same articles, one to one; the ids of the two files overlap.
python3 - "$shared/link/data/dblp-acm" <<'PYTHON'
import csv, sys
rows = lambda name: csv.reader(open(f"{sys.argv[1]}/{name}.csv", encoding="utf-8", newline=""), delimiter="%")
ids = []
for name in ("dblp", "acm"):
    with open(f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        head, *records = rows(name)
        csv.writer(file).writerows([head] + [[f"{name}{row[0]}", *row[1:]] for row in records])
        ids += [f"{name}{row[0]}" for row in records]
same = {f"acm{acm}": f"dblp{dblp}" for dblp, acm in list(rows("gt"))[1:]}
with open("articles.csv", "w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows([("id", "article")] + [(own, same.get(own, own)) for own in ids])
PYTHON
"$palmares" link dblp.csv acm.csv --link-type link --map name=title --map partners=authors --map call=venue --map year=year --links none -o linked -q
score "dblp-acm, by mapping" articles.csv article=.985 -- --id id --level article=laureate

sites=$shared/link/data/sites/csv_example_input_with_true_ids.csv
"$palmares" link "$sites" --map "name=Site name" --map territory=Address --map contacts=Phone --map id=Id --links none -o linked -q
score "sites" "$sites" "True Id=.83" -- --id Id --level "True Id=organisation"

echo "linking: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
