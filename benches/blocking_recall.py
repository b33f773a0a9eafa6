"""Recall of the candidates that `palmares link --candidates-only` prints (standard input) over the pairs of one `org_id` in a synthetic file."""

import collections
import csv
import json
import sys

members = collections.defaultdict(list)
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        members[row["org_id"]].append(row["rec_id"])
pairs = {
    tuple(sorted((a, b)))
    for group in members.values()
    for at, a in enumerate(group)
    for b in group[at + 1 :]
}
candidates = found = 0
for line in sys.stdin:
    candidate = json.loads(line)
    candidates += 1
    found += tuple(sorted((candidate["a"]["id"], candidate["b"]["id"]))) in pairs
print(f"candidates: {candidates}, recall of the keys: {found / len(pairs):.3f}")
