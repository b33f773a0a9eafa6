#!/usr/bin/env python3
"""words.py ORGANISATIONS.tsv: how common words are in names of French associations, and how often one heads a name, for data/link/words.tsv.

ORGANISATIONS.tsv has a name a line, a tab, and what else is known of the body. A word is kept where at least LEAST names hold it, so that the list names
nobody; articles and figures are left out. A word heads a name where it is the first that is more than a legal form (data/link/names.toml)."""
import collections, re, sys, tomllib, unicodedata
from pathlib import Path

LEAST = 12
ROOT = Path(__file__).resolve().parent.parent
KNOWN = tomllib.loads((ROOT / "data/link/names.toml").read_text(encoding="utf-8"))
SILENT = set(KNOWN["stop"]) | set(KNOWN["legal"])


def words(name):
    plain = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = (KNOWN["abbreviations"].get(word, word) for word in re.findall(r"[a-z]+", plain))
    return [word for word in found if len(word) > 1 and word not in SILENT]


holding, heading, names = collections.Counter(), collections.Counter(), 0
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("#") or not line.strip():
        continue
    names += 1
    # What stands before a dash is an acronym of what follows.
    of_name = words(line.split("\t")[0].split(" - ", 1)[-1])
    holding.update(set(of_name))
    heading.update(of_name[:1])

print(f"# Words of {names} names of French associations: word, names that hold it, names that it heads. Counted by scripts/words.py from the annex")
print("# « jaune » to the budget law for 2012 (grants of 2010) and the grants of Loire-Atlantique and Maine-et-Loire (Licence Ouverte).")
print(f"*\t{names}\t{names}")
for word, number in sorted(holding.items()):
    if number >= LEAST:
        print(f"{word}\t{number}\t{heading[word]}")
