#!/usr/bin/env python3
"""Learns which of the partitions that a document suggests is right, and whether any is.

usage: partition.py [--palmares target/release/palmares] [--shared ../shared] [--out data/partition.toml]

Every document that has gold is laid open by `palmares explain --considered --format json`; each partition is judged by the shared scorer. Two linear
models are fitted on the measures (src/segment/criteria.rs): `choice`, of how right a partition is beside the others of its document, and `right`, a logistic regression
of whether the partition that `choice` prefers is right at all (records at F1 0.5 or better), fitted on documents that had no part in the choice. Printed
are figures of documents whose whole family was left out; never figures of documents that were learnt from. The same inputs give the same bytes.
Needs numpy and scikit-learn.
"""
import json
import os
import sys

import numpy
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents

RIDGE, LOGISTIC, RIGHT = 30.0, 0.02, 0.5
# Of the choice: how far apart partitions are whose chances differ by a factor e, how strongly the sums are drawn to the regression's, and how many steps of what size.
APART, PULL, STEPS, STEP = 0.15, 30.0, 300, 0.05
# How often the documents are learnt from that the program was designed from: they stay exact.
DESIGNED = 3
# As `choose` in src/segment/mod.rs has them.
ABOUT, ENOUGH, HOPELESS, EXPECTED = 0.04, 0.7, 0.4, 2.2


class Document:
    def __init__(self, source, told, names):
        # The chosen one stands first; the rules take the first that convinces them by their own score, of those that are worth about as much as the best.
        considered = sorted(told.get("considered", []), key=lambda c: -c["score"])
        self.source, self.positive = source, bool(source.records)
        self.convincing = [number for number, c in enumerate(considered) if c["convincing"]]
        self.measures = numpy.array([[c["measures"][name] for name in names] for c in considered]).reshape(len(considered), len(names))
        # Lines are taken apart only where that is worth clearly more.
        self.broken = [c["measures"]["by-broken-line"] > 0 for c in considered]
        self.records = numpy.array([c["rightness"][0] for c in considered])
        self.worth = numpy.array([worth(c["rightness"]) for c in considered])
        # A list of anything looks like one of laureates, where nothing says what it is of.
        self.spoken_of = numpy.array([any(c["measures"][name] > 0 for name in ("spoken-of", "counted", "prizes")) for c in considered], dtype=bool)


def worth(rightness):
    records, *heads = rightness
    heads = [head for head in heads if head is not None]
    return 0.6 * records + 0.4 * sum(heads) / len(heads) if heads else records


def scale(rows):
    return rows.mean(axis=0), rows.std(axis=0) + 1e-6


def fit_choice(train):
    """Weights and intercept for plain measures: of the partitions of a document the one with the greatest sum shall be right.

    A ridge regression comes first. From there the rightness is raised that is expected where partitions are taken with the odds of their sums (ListNet's
    choice of one, Cao et al. 2007, with rightness for its target): what is common to all partitions of a document says nothing of which one to take.
    """
    times = {"corpus": DESIGNED}
    train = [d for d in train if d.positive and len(d.worth) for _ in range(times.get(d.source.collection, 1))]
    regressed, _ = regress(train)
    _, spread = scale(numpy.vstack([d.measures for d in train]))
    rows = [d.measures / spread for d in train]
    start = regressed * spread / APART
    weights, first, second = start.copy(), numpy.zeros_like(start), numpy.zeros_like(start)
    for step in range(1, STEPS + 1):
        slope = -PULL * (weights - start)
        for own, d in zip(rows, train):
            sums = own @ weights
            odds = numpy.exp(sums - sums.max())
            odds /= odds.sum()
            slope += own.T @ (odds * (d.worth - odds @ d.worth))
        slope /= len(train)
        # Adam's steps (Kingma and Ba 2015).
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope * slope
        weights = weights + STEP * (first / (1 - 0.9**step)) / (numpy.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return fit_scale(train, weights / spread)


def fit_scale(train, weights):
    """The same weights times what makes of their sums the rightness itself, by least squares; and the intercept."""
    sums, target = numpy.concatenate([d.measures @ weights for d in train]), numpy.concatenate([d.worth for d in train])
    weight = numpy.concatenate([numpy.full(len(d.worth), 1 / len(d.worth)) for d in train])
    centre, middle = weight @ sums / weight.sum(), weight @ target / weight.sum()
    factor = (weight * (sums - centre)) @ (target - middle) / ((weight * (sums - centre)) @ (sums - centre))
    return weights * factor, middle - factor * centre


def regress(train):
    """Ridge regression of rightness in closed form; each document weighs the same. Weights and intercept for plain measures."""
    rows, target = numpy.vstack([d.measures for d in train]), numpy.concatenate([d.worth for d in train])
    weight = numpy.concatenate([numpy.full(len(d.worth), 1 / len(d.worth)) for d in train])
    mean, spread = scale(rows)
    rows = (rows - mean) / spread
    centre = weight @ target / weight.sum()
    middle = weight @ rows / weight.sum()
    centred = rows - middle
    total = weight.sum()
    gram = centred.T @ (centred * weight[:, None]) + RIDGE / 100 * total / 10 * numpy.eye(rows.shape[1])
    solved = numpy.linalg.solve(gram, centred.T @ (weight * (target - centre)))
    return solved / spread, centre - middle @ solved - mean @ (solved / spread)


def prefer(model, document):
    return int(numpy.argmax(document.measures @ model[0]))


def chosen_rows(train):
    """For each document the measures of the partition that a choice prefers which had no part of its family, and whether it is right."""
    rows, target = [], []
    for fold in documents.folds(d.source.family for d in train):
        model = fit_choice([d for d in train if d.source.family not in fold])
        for d in train:
            if d.source.family in fold and len(d.worth):
                best = prefer(model, d)
                rows.append(d.measures[best])
                target.append(int(d.positive and d.records[best] >= RIGHT))
    return numpy.array(rows), numpy.array(target)


def fit_right(train):
    rows, target = chosen_rows(train)
    mean, spread = scale(rows)
    # As many for as against: what is usual is the user's to say.
    model = LogisticRegression(C=LOGISTIC, max_iter=5000, class_weight="balanced").fit((rows - mean) / spread, target)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - mean @ weights)


def accept(d, worths, best):
    """The partition that the rules accept and that is worth about as much as the best."""
    good = [number for number in d.convincing if worths[number] >= worths[best] - ABOUT]
    return next((number for number in good if not d.broken[number]), next(iter(good), None))


def decide_laureates(d, worths, best, probability):
    """The partition that the program takes of a document that lists laureates."""
    if best is None:
        return None
    accepted = accept(d, worths, best)
    if accepted is not None:
        return accepted
    odds = probability / (1 - probability) * numpy.exp(EXPECTED)
    return best if odds / (1 + odds) >= HOPELESS else None


def decide_unknown(d, worths, best, probability):
    """The same of any document."""
    taken = decide_laureates(d, worths, best, probability)
    if taken is None or taken == accept(d, worths, best) or probability >= ENOUGH and d.spoken_of[taken]:
        return taken
    return None


def main():
    options = documents.options(__doc__, "partition.toml")
    read = list(documents.read(options.palmares, options.shared, documents.learnt_from(options)))
    names = next(list(told["considered"][0]["measures"]) for _, told in read if told.get("considered"))
    all_documents = [Document(source, told, names) for source, told in read]
    if not options.without:
        report(all_documents)
    learn(all_documents, names, options.out)


def report(all_documents):
    """Prints the figures of documents whose whole family was left out."""
    judged = {"real", "kinds"}
    outcomes = []
    for fold in documents.folds(d.source.family for d in all_documents):
        train = [d for d in all_documents if d.source.family not in fold]
        choice, right = fit_choice(train), fit_right(train)
        for d in all_documents:
            if d.source.family in fold:
                worths = d.measures @ choice[0] if len(d.worth) else numpy.zeros(0)
                best = int(numpy.argmax(worths)) if len(worths) else None
                odds = d.measures[best] @ right[0] + right[1] if best is not None else -numpy.inf
                outcomes.append((d, worths, best, 1 / (1 + numpy.exp(-odds))))
    for label, collections in (("real and kinds", judged), ("all", {d.source.collection for d in all_documents})):
        inside = [o for o in outcomes if o[0].source.collection in collections]
        print(f"{label}: {sum(d.positive for d, *_ in inside)} documents with laureates, {sum(not d.positive for d, *_ in inside)} without; families left out")
        for name, number in (
            ("rules alone", lambda d, *_: d.convincing[0] if d.convincing else None),
            ("--expect unknown", decide_unknown),
            ("--expect laureates", decide_laureates),
            ("best considered", lambda d, *_: int(numpy.argmax(d.records)) if len(d.records) else None),
        ):
            numbers = [number(*o) for o in inside]
            found = [0.0 if at is None else o[0].records[at] for o, at in zip(inside, numbers) if o[0].positive]
            false = sum(at is not None for o, at in zip(inside, numbers) if not o[0].positive)
            print(f"  {name:20} mean F1 of records {numpy.mean(found):.3f}, {sum(f >= 0.9 for f in found)} with F1 >= 0.9; {false} without laureates give records")


def learn(all_documents, names, out):
    choice, right = fit_choice(all_documents), fit_right(all_documents)
    usual = chosen_rows(all_documents)[0].mean(axis=0)
    with open(out, "w", encoding="utf-8") as file:
        file.write("# Learnt by scripts/learn/partition.py from all documents with gold; docs/learning.md says how well, on families left out.\n")
        file.write("# What each measure of a partition (src/segment/criteria.rs) is worth: in `choice` for how right it is beside the others, in `right` for the odds that it is right at all.\n")
        for section, (weights, intercept) in (("choice", choice), ("right", right)):
            file.write(f"\n[{section}]\nintercept = {intercept:.4f}\n\n[{section}.weights]\n")
            for name, weight in zip(names, weights):
                if abs(weight) >= 0.00005:
                    file.write(f"{json.dumps(name)} = {weight:.4f}\n")
        file.write("\n# What the measures are as a rule, where a partition is preferred: reasons are told beside it.\n[usual]\n")
        for name, mean in zip(names, usual):
            file.write(f"{json.dumps(name)} = {mean:.4f}\n")


if __name__ == "__main__":
    main()
