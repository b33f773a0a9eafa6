#!/usr/bin/env python3
"""Learns what the columns of a table hold whose heads nobody knows, by their cells.

usage: columns.py [--palmares target/release/palmares] [--shared ../shared] [--out data/columns.toml]

Every table with heads, in every document that has gold, is laid open by `palmares explain --measures --format json`: for each column the measures of its cells
(src/segment/cells.rs), and the cells. A column has the role of the field that at least half of its cells are the gold of. For each role a logistic regression
says how likely a column has it; a table weighs the same whatever its width, and a document whatever its tables.

Printed is, for families left out, how often the likeliest column of a table is the right one; never figures of tables that were learnt from. The same inputs give the same
bytes. Needs numpy and scikit-learn.
"""
import collections
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents

ROLES, ENOUGH, STRENGTH, LEAST = ("name", "project", "territory"), 0.5, 1.0, 0.005


class Column:
    def __init__(self, source, number, told, role):
        self.family, self.table, self.role = source.family, (number, told["table"]), role
        self.measures = [value for _, value in sorted(told["measures"].items())]
        self.names = sorted(told["measures"])


def columns(palmares, shared, sources):
    scorer = documents.load_scorer(shared)
    fold = scorer.S.fold
    # The corpus has the same tables many times, and is read exactly.
    sources = [source for source in sources if source.records and source.collection != "corpus"]

    def explain(source):
        return documents.told(palmares, source.path, "--expect", "laureates", "--measures")

    found = []
    with ThreadPoolExecutor(2) as pool:
        for number, (source, told) in enumerate(zip(sources, pool.map(explain, sources))):
            gold = {role: {fold(reading) for record in source.records for reading in scorer.readings(record, role) if reading} for role in ROLES}
            for column in told.get("columns", []):
                cells = [fold(cell) for cell in column["cells"]]
                if len(cells) < 2:
                    continue
                share = {role: sum(cell in gold[role] for cell in cells) / len(cells) for role in ROLES}
                role = max(ROLES, key=lambda role: share[role])
                found.append(Column(source, number, column, role if share[role] >= ENOUGH else None))
    # Tables without any gold are of something else: they say nothing of what columns hold.
    told = {column.table for column in found if column.role}
    return [column for column in found if column.table in told]


def fit(train, role):
    of_document, of_table = collections.Counter(), collections.Counter(column.table for column in train)
    for table in of_table:
        of_document[table[0]] += 1
    weight = [1 / (of_table[column.table] * of_document[column.table[0]]) for column in train]
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    scale = numpy.maximum(numpy.std([column.measures for column in train], axis=0), 0.05)
    model.fit(numpy.array([column.measures for column in train]) / scale, [column.role == role for column in train], sample_weight=numpy.array(weight) * len(train) / sum(weight))
    return float(model.intercept_[0]), model.coef_[0] / scale


def likelihood(model, column):
    return 1 / (1 + numpy.exp(-model[0] - model[1] @ numpy.array(column.measures)))


def main():
    options = documents.options(__doc__, "columns.toml")
    found = columns(options.palmares, options.shared, documents.learnt_from(options))
    tables = collections.defaultdict(list)
    for column in found:
        tables[column.table].append(column)
    folds = documents.folds(column.family for column in found)
    print(f"{len(found)} columns of {len(tables)} tables in {len({table[0] for table in tables})} documents; families left out")
    for role in ROLES:
        right = wanted = taken = false = 0
        for fold in folds:
            model = fit([column for column in found if column.family not in fold], role)
            for own in tables.values():
                if own[0].family not in fold:
                    continue
                best = max(own, key=lambda column: likelihood(model, column))
                has = any(column.role == role for column in own)
                wanted += has
                right += has and best.role == role
                if likelihood(model, best) >= 0.5:
                    taken += 1
                    false += best.role != role
        print(f"  {role:10} the likeliest column is right in {right} of {wanted} tables that have it; {taken} columns are likelier than 0.5, {false} of them wrong")
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("# What the columns of a table hold whose heads nobody knows: sums of measures of their cells (src/segment/cells.rs) whose logistic is a probability.\n")
        file.write("# Learnt by scripts/learn/columns.py, which says how; docs/learning.md has the figures.\n")
        for role in ROLES:
            intercept, weights = fit(found, role)
            file.write(f"\n[{role}]\nintercept = {intercept:.3f}\n\n[{role}.weights]\n")
            for name, value in zip(found[0].names, weights):
                if abs(value) >= LEAST:
                    file.write(f"{json.dumps(name)} = {value:.3f}\n")


if __name__ == "__main__":
    main()
