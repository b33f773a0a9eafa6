#!/usr/bin/env python3
"""Learns which of the partitions that a document suggests is right, and whether any is.

usage: partition.py [--palmares target/release/palmares] [--shared ../shared] [--out data/partition.toml] [--cache FILE]

Every document that has gold is laid open by `palmares explain --considered --format json`; each partition is judged by the shared scorer. Two linear
models are fitted on the measures (src/segment/criteria.rs): `choice`, a ridge regression of how right a partition is, and `right`, a logistic regression
of whether the partition that `choice` prefers is right at all (records at F1 0.5 or better), fitted on documents that had no part in the choice. Printed
are figures of documents whose whole family was left out; never figures of documents that were learnt from. The same inputs give the same bytes.
Needs numpy and scikit-learn.
"""
import argparse
import json
import os
import sys

import numpy
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents

RIDGE, LOGISTIC, RIGHT, FOLDS = 30.0, 0.02, 0.5, 10


class Document:
    def __init__(self, source, told, names):
        considered = told.get("considered", [])
        self.source, self.positive = source, bool(source.records)
        self.convincing = bool(told.get("chosen"))
        self.chosen = considered[0]["rightness"][0] if considered and self.convincing else 0.0
        self.measures = numpy.array([[c["measures"][name] for name in names] for c in considered]).reshape(len(considered), len(names))
        self.records = numpy.array([c["rightness"][0] for c in considered])
        self.worth = numpy.array([worth(c["rightness"]) for c in considered])


def worth(rightness):
    records, *heads = rightness
    heads = [head for head in heads if head is not None]
    return 0.6 * records + 0.4 * sum(heads) / len(heads) if heads else records


def scale(rows):
    return rows.mean(axis=0), rows.std(axis=0) + 1e-6


def fit_choice(train):
    """Ridge regression in closed form; each document weighs the same. Weights and intercept for plain measures."""
    train = [d for d in train if d.positive and len(d.worth)]
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


def families(documents_):
    names = sorted({d.source.family for d in documents_})
    order = numpy.random.RandomState(0).permutation(len(names))
    return [{names[i] for i in order[fold::FOLDS]} for fold in range(FOLDS)]


def chosen_rows(train):
    """For each document the measures of the partition that a choice prefers which had no part of its family, and whether it is right."""
    rows, target = [], []
    for fold in families(train):
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = documents.ROOT
    parser.add_argument("--palmares", default=os.path.join(root, "target/release/palmares"))
    parser.add_argument("--shared", default=os.environ.get("PALMARES_SHARED", os.path.join(root, "../shared")))
    parser.add_argument("--out", default=os.path.join(root, "data/partition.toml"))
    options = parser.parse_args()
    sources = documents.documents(options.shared)
    read = list(documents.read(options.palmares, options.shared, sources))
    learn(read, options.out)


def learn(read, out):
    names = next(list(told["considered"][0]["measures"]) for _, told in read if told.get("considered"))
    all_documents = [Document(source, told, names) for source, told in read]
    judged = {"real", "kinds"}
    outcomes = []
    for fold in families(all_documents):
        train = [d for d in all_documents if d.source.family not in fold]
        choice, right = fit_choice(train), fit_right(train)
        for d in all_documents:
            if d.source.family in fold:
                if not len(d.worth):
                    outcomes.append((d, 0.0, 0.0, 0.0))
                    continue
                best = prefer(choice, d)
                odds = d.measures[best] @ right[0] + right[1]
                outcomes.append((d, 1 / (1 + numpy.exp(-odds)), d.records[best], d.records.max()))
    for label, collections in (("real and kinds", judged), ("all", {d.source.collection for d in all_documents})):
        inside = [o for o in outcomes if o[0].source.collection in collections]
        positive = [o for o in inside if o[0].positive]
        negative = [o for o in inside if not o[0].positive]
        print(f"{label}: {len(positive)} documents with laureates, {len(negative)} without; families left out")
        print(f"  mean F1 of records: hand-set rules {numpy.mean([d.chosen for d, *_ in positive]):.3f}, choice {numpy.mean([o[2] for o in positive]):.3f}, best that there is {numpy.mean([o[3] for o in positive]):.3f}")
        print(f"  found (F1 0.9): rules {sum(d.chosen >= .9 for d, *_ in positive)}, choice {sum(o[2] >= .9 for o in positive)}, best {sum(o[3] >= .9 for o in positive)}; rules give records in {sum(d.convincing for d, *_ in negative)} negatives")
        for floor in (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
            print(f"  from {floor}: F1 {numpy.mean([o[2] if o[1] >= floor else 0 for o in positive]):.3f}, negatives that give records {sum(o[1] >= floor for o in negative)}; rules first {numpy.mean([o[0].chosen if o[0].convincing else o[2] if o[1] >= floor else 0 for o in positive]):.3f}, negatives {sum(o[1] >= floor or o[0].convincing for o in negative)}")
    choice, right = fit_choice(all_documents), fit_right(all_documents)
    usual = chosen_rows(all_documents)[0].mean(axis=0)
    with open(out, "w", encoding="utf-8") as file:
        file.write("# Learnt by scripts/learn/partition.py from all documents with gold; docs/accuracy.md says how well, on families left out.\n")
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
