#!/usr/bin/env python3
"""Learns how likely a value is right.

usage: confidence.py [--palmares target/learn/release/palmares] [--shared ../shared] [--out data/confidence.toml]

How partitions and names are chosen is learnt anew without a third of the families, three times, and each third read by a program that has not seen it: what it had learnt from would
look surer than what users bring. Every document of real/, kinds/ and pages/ is laid open by `palmares explain --expect laureates --measures --format json`: for each record's values, what speaks for and
against them (src/extract/confidence.rs). Each value is judged by the shared scorer; for each field a logistic regression says how likely values are right.
Values of one list are alike: those of a long one weigh less each.

Printed are figures of documents whose whole family was left out; never figures of documents that were learnt from. The same inputs give the same bytes.
Needs what partition.py and names.py need, and a program built with the feature `learn` (built where --palmares names none).
"""
import json
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents

FIELDS = ("name", "project", "territory", "amount", "award", "description")
# Fields that gold need not state.
OPTIONAL = {"amount", "award", "description"}
JUDGED, MOST, RIDGE, PARTS = {"real", "kinds"}, 60, 0.02, 3
LEAST_SPREAD = 0.1
# Rules were written until they read the others right: what they make of those says nothing of a page of a new kind.
LEARNT_FROM = {"real", "kinds", "pages"}


class Value:
    def __init__(self, source, field, measures, right, weight):
        self.family, self.judged, self.path = source.family, source.collection in JUDGED, source.path
        self.field, self.measures, self.right, self.weight = field, measures, right, weight


def values(palmares, shared, sources):
    scorer = documents.load_scorer(shared)

    def explain(source):
        return documents.told(palmares, source.path, "--expect", "laureates", "--measures")

    found, names = [], None
    with ThreadPoolExecutor(2) as pool:
        for source, told in zip(sources, pool.map(explain, sources)):
            mentions = [entry["mention"] for entry in told.get("entries", [])][:MOST]
            if not mentions or any(mention is None for mention in mentions):
                continue
            gold = source.records[:MOST]
            matched = {j: i for i, j in scorer.align(gold, mentions)} if gold else {}
            for number, (mention, measured) in enumerate(zip(mentions, told["measures"])):
                record = gold[matched[number]] if number in matched else None
                if record is not None and record.get("truncated"):
                    continue
                for field, measures in measured.items():
                    names = names or list(measures)
                    stated = any(field in record for record in gold)
                    if gold and field in OPTIONAL and (not stated or record is not None and field not in record):
                        continue
                    right = record is not None and scorer.judge(field, record, mention)[0] > 0
                    weight = 1 / len(mentions) ** 0.5
                    found.append(Value(source, field, [measures[name] for name in names], right, weight))
    return found, names


def unseen_values(options):
    """The values of all documents that are learnt from, each as weights read it that have not seen its family."""
    kept, sources = [fold for fold in range(documents.FOLDS) if fold not in options.without], documents.documents(options.shared)
    found, names = [], None
    with tempfile.TemporaryDirectory() as scratch:
        weights, read = os.path.join(scratch, "weights"), os.path.join(scratch, "read")
        shutil.copytree(os.path.join(documents.ROOT, "data"), weights)
        os.makedirs(read)
        os.environ.setdefault("PALMARES_READ", read)
        for part in range(PARTS):
            held = kept[part::PARTS]
            for script, out in (("partition.py", "partition.toml"), ("names.py", "stretches.toml")):
                documents.learn(script, out, options.palmares, weights, options.shared, sorted({*options.without, *held}))
            os.environ["PALMARES_WEIGHTS"] = weights
            unlike = [source for source in documents.of_folds(sources, held) if source.collection in LEARNT_FROM]
            more, names = values(options.palmares, options.shared, unlike)
            found.extend(more)
    return found, names


def fit(train):
    rows, right = numpy.array([v.measures for v in train]), numpy.array([v.right for v in train])
    weight = numpy.array([v.weight for v in train])
    # What is nearly always the same, as it is here, may be otherwise elsewhere: it is no sign a hundred times as strong.
    mean, spread = rows.mean(axis=0), numpy.maximum(rows.std(axis=0), LEAST_SPREAD)
    model = LogisticRegression(C=RIDGE, max_iter=5000).fit((rows - mean) / spread, right, sample_weight=weight * len(train) / weight.sum())
    weights = model.coef_[0] / spread
    # What is always the same says nothing.
    weights[rows.std(axis=0) < 1e-6] = 0.0
    return weights, float(model.intercept_[0] - mean @ weights)


def probability(model, rows):
    return 1 / (1 + numpy.exp(-(rows @ model[0] + model[1])))


def report(name, said, right, rules):
    least, before = documents.caught(said, right), documents.caught(rules, right)
    error = documents.calibration_error(said, right)
    print(f"{name:12} {len(said):5} values, {right.mean():.3f} right; calibration error {error:.3f}; of the wrong, {least:.2f} are among the least sure fifth (rules alone {before:.2f})")


def report_all(found, names):
    """Prints how well the weights do on values whose whole family was left out."""
    prior = names.index("rule's confidence")
    said = {}
    for fold in documents.folds(v.family for v in found):
        for field in FIELDS:
            model = fit([v for v in found if v.field == field and v.family not in fold])
            for v in found:
                if v.field == field and v.family in fold:
                    said[id(v)] = float(probability(model, numpy.array([v.measures]))[0])
    judged = [v for v in found if v.judged]
    for field in (*FIELDS, None):
        own = [v for v in judged if field in (None, v.field)]
        right, rules = numpy.array([float(v.right) for v in own]), numpy.array([v.measures[prior] for v in own])
        report(field or "all", numpy.array([said[id(v)] for v in own]), right, rules)


def main():
    options = documents.options(__doc__, "confidence.toml", palmares=None)
    options.palmares = options.palmares or documents.learning_program()
    found, names = unseen_values(options)
    if not options.without:
        report_all(found, names)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("# How likely a value is right, by its field: sums of measures (src/extract/confidence.rs) whose logistic is a probability.\n")
        file.write("# Learnt by scripts/learn/confidence.py, which says how; docs/learning.md has the figures.\n")
        for field in FIELDS:
            weights, intercept = fit([v for v in found if v.field == field])
            file.write(f"\n[{field}]\nintercept = {intercept:.4f}\n\n[{field}.weights]\n")
            for name, weight in zip(names, weights):
                if abs(weight) >= 0.00005:
                    file.write(f"{json.dumps(name)} = {weight:.4f}\n")


if __name__ == "__main__":
    main()
