#!/usr/bin/env bash
# Links the labelled tables of the shared folder with the release binary and scores the groups against floors; exits with 1 where one is not met.
# usage: scripts/score_linking.sh [PALMARES]   (PALMARES_SHARED names the shared folder, by default ../shared)
set -uo pipefail
cd "$(dirname "$0")/.."
palmares=$(realpath "${1:-target/release/palmares}")
shared=$(realpath "${PALMARES_SHARED:-../shared}")
scripts=$PWD/scripts
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

exact() { # exact NAME GOLD FLOOR: precision of the organisations of associations
  local found
  found=$(python3 "$shared/eval/link_score.py" "$2" linked/laureates.ndjson --json --id id --level siren=organisation) || found='{}'
  if FOUND=$found python3 - "$1" "$3" <<'PYTHON'
import json, os, sys
precision = json.loads(os.environ["FOUND"]).get("siren", {}).get("precision", 0.0)
print(f"{sys.argv[1]:<24} {'siren':<11} P  {precision:.4f}  floor {sys.argv[2]}")
sys.exit(precision < float(sys.argv[2]))
PYTHON
  then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1, precision"; fi
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
score "sites" "$sites" "True Id=.89" -- --id Id --level "True Id=organisation"

# Persons, whose fields stand for those of a record.
persons=$shared/link/data/dataset3.csv
python3 - "$persons" <<'PYTHON'
import csv, sys
ids = [row["rec_id"].strip() for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""), skipinitialspace=True)]
with open("persons.csv", "w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows([("id", "person")] + [(own, "-".join(own.split("-")[:2])) for own in ids])
PYTHON
"$palmares" link "$persons" --map id=rec_id --map name=given_name --map name=surname --map name=address_1 --map territory=suburb \
  --map contacts=date_of_birth --map contacts=soc_sec_id --map partners=postcode --links none -o linked -q
score "persons, by mapping" persons.csv person=.97 -- --id id --level person=organisation

# Associations as three authorities write them: one half, by the hash of the number, was looked at, the other was not.
assos=$shared/link/data/assos/assos.csv
python3 - "$assos" <<'PYTHON'
import csv, hashlib, sys
head, *rows = csv.reader(open(sys.argv[1], encoding="utf-8", newline=""))
for half, name in enumerate(("looked-at", "unseen")):
    own = [row for row in rows if hashlib.sha256(("halves-" + row[-1]).encode()).digest()[0] & 1 == half]
    csv.writer(open(f"{name}.csv", "w", encoding="utf-8", newline="")).writerows([head] + own)
PYTHON
associations() { # associations NAME FILE F1 PRECISION PRECISION_AT_99
  "$palmares" link "$2" -o linked -q
  score "$1" "$2" "siren=$3" -- --id id --level siren=organisation
  exact "$1" "$2" "$4"
  python3 "$scripts/reliability.py" "$2" linked/links.ndjson --id id --gold siren
  "$palmares" link "$2" --threshold 0.99 --links none -o linked -q
  exact "$1, at 0.99" "$2" "$5"
}
associations "associations, unseen" unseen.csv .68 .87 .96
associations "associations, all" "$assos" .63 .81 .95

echo "linking: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
