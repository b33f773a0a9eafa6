#!/usr/bin/env python3
"""Finds verbs of the third person in French prose, in front of which a name in a sentence ends: « X développe … ».

usage: verbs.py [--shared ../shared] [--out data/verbs.txt]

A word is one where pronouns stand in front of it (« qui », « elle », « se ») more often than articles and prepositions do; or where its infinitive in -er
is used, no article stands before the word itself, and it is not mostly used otherwise. Reads text/prose.txt; the same text gives the same bytes. Standard library only.
"""
import argparse
import collections
import os
import re

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
SUBJECTS = set("qui elle il elles ils on cela ça ne n' se s'".split())
ARTICLES = set("le la les un une des du au aux ce cet cette ces son sa ses leur leurs notre nos votre vos l' d' de en par sur sans à avec".split())
DETERMINERS = set("le la les un une des du au aux ce cet cette ces son sa ses leur leurs notre nos votre vos l' d'".split())
# Words of grammar that are said of subjects, and end no name.
GRAMMAR = set("est sont était étaient sera seront serait seraient soit soient ont avait avaient aura auront aurait auraient ait aient peut peuvent doit doivent faut fait font va vont ici pas plus tout tous même bien puis dont tant avant mais sont".split())
FEWEST, SHARE, SHORTEST = 2, 0.6, 4
# An adjective (« active ») is used often, and rarely behind a pronoun.
OFTEN, RARELY = 3, 0.1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default=os.environ.get("PALMARES_SHARED", os.path.join(ROOT, "../shared")))
    parser.add_argument("--out", default=os.path.join(ROOT, "data/verbs.txt"))
    options = parser.parse_args()
    with open(os.path.join(options.shared, "text/prose.txt"), encoding="utf-8") as file:
        words = re.findall(r"[^\W\d_]+['’]?|[^\w\s]", file.read())
    said, named, determined, infinitives, all_of = (collections.Counter() for _ in range(5))
    for before, word in zip(words, words[1:]):
        if not word.isalpha() or not word.islower():
            continue
        before = before.lower().replace("’", "'")
        all_of[word] += 1
        said[word] += before in SUBJECTS
        named[word] += before in ARTICLES
        determined[word] += before in DETERMINERS
        infinitives[word] += word.endswith("er") and before in ("de", "d'", "à", "pour", "et", "afin")
    verbs = {
        word
        for word, count in said.items()
        if count >= FEWEST and count >= SHARE * (count + named[word]) and re.search(r"(e|t|d|ent|ont)$", word)
    }
    for word, count in infinitives.items():
        if count >= FEWEST:
            forms = (word[:-1], word[:-2] + "ent")
            verbs.update(form for form in forms if not determined[form] and (all_of[form] < OFTEN or said[form] >= RARELY * all_of[form]))
    verbs = sorted(word for word in verbs - GRAMMAR if len(word) >= SHORTEST)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("# Verbs of the third person, as scripts/learn/verbs.py finds them in prose. One a line; do not edit.\n")
        file.write("\n".join(verbs) + "\n")
    print(f"{len(verbs)} verbs")


if __name__ == "__main__":
    main()
