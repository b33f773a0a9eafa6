#!/usr/bin/env python3
"""Learns which stretch of an entry's words is its laureate's name.

usage: names.py [--palmares target/release/palmares] [--shared ../shared] [--out data/stretches.toml]

Every document that has gold is laid open by `palmares explain --expect laureates --stretches --format json`: for each entry the stretches of words that may
be its name, with their traits (src/extract/stretches/traits.rs), and the name that the rules found. Two models are fitted, both conditional logits (a softmax over the
stretches of an entry and over having no name, ridge penalty):

- on the traits of a stretch by itself, with what the rules say left out of most of the weight of each entry: rules are right in documents that their authors
  had read, and less so elsewhere;
- on what the first says of it and of the stretches of the other entries that share a pattern: their neighbours, what stands in front, how they stand in their unit.

Printed are figures of documents whose whole family was left out of both; never figures of documents that were learnt from. The same inputs give the same
bytes. Needs numpy, scipy and scikit-learn.
"""
import collections
import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents

RIDGE, RIDGE_LIST, UNRULED, FAMILIES, LEAST, RATIO, SHORTENED = 1.0, 0.1, 0.7, 5, 0.02, 2.0, 8.0
COLLECTIONS = {"real", "kinds", "trial", "field", "pages", "held-out", "fixtures", "corpus"}
MOST = 60
# What stretches of several entries can share: their neighbours, what stands in front, how they stand in their unit.
PATTERNS = 3
RULED = re.compile(r"(is|like|within|around|across|begins with|ends with) (name|project):")


class Entry:
    def __init__(self, family, collection, document, told, gold, n_gold, scorer):
        self.family, self.collection, self.document, self.gold = family, collection, document, gold
        self.ruled, self.project, self.texts = told["ruled"], told["project"], [s["text"] for s in told["stretches"]]
        self.patterns, self.traits = [s["patterns"] for s in told["stretches"]], [s["traits"] for s in told["stretches"]]
        # The last stands for an entry without a name.
        self.right = None
        if gold is not None:
            fold = scorer.S.fold
            accepted = [fold(reading) if reading else None for reading in scorer.readings(gold, "name")]
            offered = [fold(text) for text in self.texts] + [None]
            # What gold itself says, where it is offered; what it would also accept, elsewhere.
            right = accepted[:1] if accepted[0] in offered else accepted
            self.right = numpy.array([text in right for text in offered], dtype=float)
            # Entries of one list are alike.
            self.weight = 1 / n_gold**0.5

    def learns(self):
        return self.right is not None and self.right.any()

    def judged(self, scorer, name):
        return scorer.judge("name", self.gold, {"name": name}) if self.gold is not None else (0, int(bool(name)), 0)

    def is_ruled(self, text):
        return bool(self.ruled) and text.split() == self.ruled.split()


def entries(palmares, shared, sources):
    scorer = documents.load_scorer(shared)
    sources = [source for source in sources if source.records and source.collection in COLLECTIONS]

    def explain(source):
        return documents.told(palmares, source.path, "--expect", "laureates", "--stretches")

    all_entries = []
    with ThreadPoolExecutor(2) as pool:
        for number, (source, told) in enumerate(zip(sources, pool.map(explain, sources))):
            offered, gold = told.get("stretches", [])[:MOST], source.records[:MOST]
            if 2 * sum(not own["certain"] for own in offered) < len(offered):
                continue
            found = [dict(entry["mention"], name=own["ruled"], project=own["project"]) for entry, own in zip(told.get("entries", []), offered)]
            cut = {i for i, record in enumerate(gold) if record.get("truncated")}
            matched = {j: i for i, j in scorer.align(gold, found) if i not in cut}
            for j, own in enumerate(offered):
                if not own["certain"]:
                    record = gold[matched[j]] if j in matched else None
                    all_entries.append(Entry(source.family, source.collection, number, own, record, len(matched), scorer))
    return all_entries, scorer


def vocabulary(all_entries):
    """Traits that several families know, without those of one wording."""
    known = collections.defaultdict(set)
    for e in all_entries:
        for traits in e.traits:
            for trait in traits:
                known[trait].add(e.family)
    return sorted(trait for trait, of in known.items() if len(of) >= FAMILIES)


def matrix(chosen, index):
    """One row for each stretch, and one for none; which entry each row is of."""
    columns, pointers, owner = [], [0], []
    none, unruled = len(index), len(index) + 1
    for number, e in enumerate(chosen):
        for traits in e.traits:
            columns.extend(sorted({index[trait] for trait in traits if trait in index}))
            pointers.append(len(columns))
        columns.extend([none] if e.ruled else [none, unruled])
        pointers.append(len(columns))
        owner.extend([number] * (len(e.traits) + 1))
    shape = (len(pointers) - 1, len(index) + 2)
    return sparse.csr_matrix((numpy.ones(len(columns)), columns, pointers), shape=shape), numpy.array(owner)


def fit(rows, owner, right, weight, ridge):
    """A conditional logit: the weights under which what is right is likeliest within each entry."""
    starts = numpy.flatnonzero(numpy.r_[True, owner[1:] != owner[:-1]])

    def loss(weights):
        worth = rows @ weights
        power = numpy.exp(worth - numpy.maximum.reduceat(worth, starts)[owner])
        everything, of_right = numpy.add.reduceat(power, starts), numpy.maximum(numpy.add.reduceat(power * right, starts), 1e-12)
        value = (weight * (numpy.log(everything) - numpy.log(of_right))).sum() + ridge / 2 * weights @ weights
        slope = rows.T @ ((weight / everything)[owner] * power - (weight / of_right)[owner] * power * right)
        return value, slope + ridge * weights

    return minimize(loss, numpy.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 60}).x


def softmax(worth):
    power = numpy.exp(worth - worth.max())
    return power / power.sum()


def fit_alone(train, names):
    train = [e for e in train if e.learns()]
    index = {name: number for number, name in enumerate(names)}
    rows, owner = matrix(train, index)
    blind = numpy.array([0.0 if RULED.match(name) else 1.0 for name in names] + [1.0, 0.0])
    right, weight = numpy.concatenate([e.right for e in train]), numpy.array([e.weight for e in train])
    both = sparse.vstack([rows, rows @ sparse.diags(blind)]).tocsr()
    weights = fit(both, numpy.r_[owner, owner + len(train)], numpy.r_[right, right], numpy.r_[weight * (1 - UNRULED), weight * UNRULED], RIDGE)
    return numpy.where(numpy.abs(weights) >= LEAST, weights.round(3), 0.0)


def alone(chosen, names, weights):
    index = {name: number for number, name in enumerate(names)}
    rows, owner = matrix(chosen, index)
    worth = rows @ weights
    bounds = numpy.searchsorted(owner, range(len(chosen) + 1))
    return [softmax(worth[a:b]) for a, b in zip(bounds, bounds[1:])]


def beside_list(chosen, likely):
    """For each entry the rows of what `decide` in src/extract/stretches/mod.rs adds up."""
    of_document = collections.defaultdict(list)
    for number, e in enumerate(chosen):
        of_document[e.document].append(number)
    rows = [None] * len(chosen)
    for numbers in of_document.values():
        n = len(numbers)
        shared, share = collections.defaultdict(float), collections.Counter()
        for number in numbers:
            best = collections.defaultdict(float)
            for patterns, p in zip(chosen[number].patterns, likely[number]):
                for pattern in patterns:
                    best[pattern] = max(best[pattern], p)
            for pattern, p in best.items():
                shared[pattern] += p / n
                share[pattern] += 1 / n
        none = sum(likely[number][-1] for number in numbers) / n
        for number in numbers:
            logarithm = numpy.log(likely[number] + 1e-9)
            own = [[p, *(of[pattern] for pattern in patterns for of in (shared, share)), 0, 0] for p, patterns in zip(logarithm, chosen[number].patterns)]
            rows[number] = numpy.array(own + [[logarithm[-1], *(0 for _ in range(2 * PATTERNS)), 1, none]])
    return rows


def fit_list(train, rows):
    learnt = [(e, own) for e, own in zip(train, rows) if e.learns()]
    owner = numpy.concatenate([[number] * len(own) for number, (_, own) in enumerate(learnt)])
    stacked = sparse.csr_matrix(numpy.vstack([own for _, own in learnt]))
    return fit(stacked, owner, numpy.concatenate([e.right for e, _ in learnt]), numpy.array([e.weight for e, _ in learnt]), RIDGE_LIST)


def mark_lists_of_projects(all_entries):
    """Where the rules found titles and no names, the list is one of projects."""
    of_document = collections.defaultdict(list)
    for e in all_entries:
        of_document[e.document].append(e)
    for own in of_document.values():
        of_projects = 2 * sum(not e.ruled and bool(e.project) for e in own) > len(own)
        for e in own:
            e.of_projects = of_projects


def decide(e, likely):
    """The name that the program takes, how likely it is, and whether it is the rules'."""
    of_ruled = max([p for text, p in zip(e.texts, likely) if e.is_ruled(text)], default=None) if e.ruled else likely[-1]
    if of_ruled is None:
        # Put together from several places: no stretch compares with it.
        return e.ruled, None, True
    if e.texts:
        best = int(numpy.argmax(likely[:-1]))
        is_project = bool(e.project) and (e.texts[best].split() == e.project.split() or e.project.strip() in e.texts[best])
        # Titles of a list of projects are no names, nor are name and project exchanged where the rules found both.
        is_title = is_project and (e.of_projects or bool(e.ruled))
        # What the rules took whole is not shortened lightly, but in front of a verb, and of « pour » and a title.
        shortens = bool(e.ruled) and e.ruled.startswith(e.texts[best]) and "next verb" not in e.traits[best]
        rest = e.ruled[len(e.texts[best]) :].split() if shortens else []
        shortens = shortens and not (rest[:1] == ["pour"] and rest[1:] and rest[1][0].isupper())
        ratio = RATIO * SHORTENED if shortens else RATIO
        if likely[best] > likely[-1] and likely[best] > ratio * of_ruled and not e.is_ruled(e.texts[best]) and not is_title:
            return e.texts[best], likely[best], False
    return e.ruled, of_ruled, True


def calibrate(pairs):
    """From the logarithm of the odds to how often such a name is right."""
    odds = numpy.array([numpy.log(p / (1 - p)) for p in (min(max(p, 1e-6), 1 - 1e-6) for p, _, _ in pairs)])
    model = LogisticRegression(C=10.0).fit(odds.reshape(-1, 1), [right for _, right, _ in pairs], sample_weight=[weight for _, _, weight in pairs])
    return float(model.intercept_[0]), float(model.coef_[0][0])


def sure(calibration, p):
    p = min(max(p, 1e-6), 1 - 1e-6)
    return min(0.97, 1 / (1 + numpy.exp(-calibration[0] - calibration[1] * numpy.log(p / (1 - p)))))


def main():
    options = documents.options(__doc__, "stretches.toml")
    all_entries, scorer = entries(options.palmares, options.shared, documents.learnt_from(options))
    mark_lists_of_projects(all_entries)
    names = vocabulary(all_entries)
    folds = documents.folds(e.family for e in all_entries)
    likely = [None] * len(all_entries)
    for fold in folds:
        weights = fit_alone([e for e in all_entries if e.family not in fold], names)
        left = [number for number, e in enumerate(all_entries) if e.family in fold]
        for number, own in zip(left, alone([all_entries[number] for number in left], names, weights)):
            likely[number] = own
    rows = beside_list(all_entries, likely)
    outcomes = [None] * len(all_entries)
    for fold in folds:
        seen = [(e, own) for e, own in zip(all_entries, rows) if e.family not in fold]
        weights = fit_list(*zip(*seen))
        for number, e in enumerate(all_entries):
            if e.family in fold:
                outcomes[number] = decide(e, softmax(rows[number] @ weights))
    judged = {"real", "kinds"}
    pairs = {True: [], False: []}
    for e, (name, p, kept) in zip(all_entries, outcomes):
        # What rules had not been written for tells best how often they are right.
        if name and p is not None and e.gold is not None and e.collection in judged | {"pages"}:
            pairs[kept].append((p, e.judged(scorer, name)[0], e.weight))
    kept, replaced = calibrate(pairs[True]), calibrate(pairs[False])
    for label, collections_ in (("real and kinds", judged), ("pages", {"pages"}), ("the others", COLLECTIONS - judged - {"pages"})):
        inside = [(e, outcome) for e, outcome in zip(all_entries, outcomes) if e.collection in collections_]
        print(f"{label}: {len(inside)} entries that no label names; families left out")
        for how, name in (("rules alone", lambda e, outcome: e.ruled), ("rules and weights", lambda e, outcome: outcome[0])):
            right, made, wanted = map(sum, zip(*(e.judged(scorer, name(e, outcome)) for e, outcome in inside)))
            print(f"  {how:18} name P {right / made:.3f} R {right / wanted:.3f} F1 {2 * right / (made + wanted):.3f}")
        told = [(sure(kept if outcome[2] else replaced, outcome[1]), e.judged(scorer, outcome[0])[0]) for e, outcome in inside if outcome[0] and outcome[1] is not None and e.gold is not None]
        print(f"  calibration error {documents.calibration_error(*numpy.array(told).T):.3f}; {sum(not outcome[2] for _, outcome in inside)} names are not the rules'")
    # Calibrated on documents that were left out; the weights themselves are of all.
    weights = fit_alone(all_entries, names)
    of_list = fit_list(all_entries, rows)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("# Learnt by scripts/learn/names.py from all documents with gold; docs/learning.md says how well, on families left out.\n")
        file.write("# What each trait of a stretch of words (src/extract/stretches/traits.rs) is worth where it may be a laureate's name.\n")
        file.write(f"ratio = {RATIO}\nnone = {weights[-2]:.3f}\nunruled = {weights[-1]:.3f}\n\n[list]\n")
        for name, weight in zip(("alone", "none", "none_likely"), (of_list[0], *of_list[-2:])):
            file.write(f"{name} = {weight:.3f}\n")
        for likely, share in of_list[1:-2].reshape(PATTERNS, 2):
            file.write(f"[[list.patterns]]\nlikely = {likely:.3f}\nshare = {share:.3f}\n")
        for name, (intercept, slope) in (("kept", kept), ("replaced", replaced)):
            file.write(f"\n[{name}]\nintercept = {intercept:.3f}\nslope = {slope:.3f}\n")
        file.write("\n[traits]\n")
        for name, weight in zip(names, weights):
            if weight:
                file.write(f"{json.dumps(name, ensure_ascii=False)} = {weight:.3f}\n")


if __name__ == "__main__":
    main()
