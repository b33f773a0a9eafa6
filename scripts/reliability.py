#!/usr/bin/env python3
"""reliability.py GOLD.csv LINKS.ndjson [--id rec_id] [--gold org_id]: how often pairs of each tenth of probability are truly one organisation.

LINKS.ndjson is what `palmares link` writes. The last tenth is parted at 0.99. Pairs that were not considered do not count."""
import argparse, csv, json

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("table")
parser.add_argument("links")
parser.add_argument("--id", default="rec_id")
parser.add_argument("--gold", default="org_id")
arguments = parser.parse_args()

body = {row[arguments.id]: row[arguments.gold] for row in csv.DictReader(open(arguments.table, encoding="utf-8"))}
tenths = [[0, 0.0, 0] for _ in range(11)]
for line in open(arguments.links, encoding="utf-8"):
    link = json.loads(line)
    probability = link["organisation"]["probability"]
    tenth = tenths[10 if probability >= 0.99 else int(probability * 10)]
    tenth[0] += 1
    tenth[1] += probability
    tenth[2] += body[link["a"]] == body[link["b"]]
print("probability    pairs  expected  true")
for at, (pairs, expected, true) in enumerate(tenths):
    low, high = (at / 10, (at + 1) / 10) if at < 9 else ((0.9, 0.99) if at == 9 else (0.99, 1.0))
    if pairs:
        print(f"{low:.2f} to {high:.2f}  {pairs:>6}      {expected / pairs:.2f}  {true / pairs:.2f}")
