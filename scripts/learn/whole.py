#!/usr/bin/env python3
"""Scores the whole program on families of documents that had no part in its weights.

usage: whole.py [--shared ../shared] [--folds 10] [--seen | --unseen | --built]

For each fold of families all weights are learnt anew without it (columns.py, partition.py, names.py, and confidence.py, which learns the other two three times more), and the documents of
the fold that are in real/ and kinds/ are read by them with `--expect laureates` and with `--expect unknown`. Printed are the pooled figures, as the shared scorer counts (the
first 100 records; a document weighs as 30 at most), and the calibration of confidences. With --seen the program that stands in target/release is scored as it is, with weights that have seen the documents;
with --unseen on the pages of scripts/learn/unseen, which no weight has seen.
Builds a program that reads its weights from a folder (`--features learn`) into target/learn; the weights of data/ stay. Needs what the three scripts need.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents

FIELDS = ("name", "project", "territory", "amount", "award", "description")
OPTIONAL = {"amount", "award", "description"}
CAP, RIGHT = 30, 0.9
SCRIPTS = (("columns.py", "columns.toml"), ("partition.py", "partition.toml"), ("names.py", "stretches.toml"), ("confidence.py", "confidence.toml"))


class Tally:
    """What was right, made and asked for, field by field, over the documents of both kinds."""

    def __init__(self):
        self.counts = {field: numpy.zeros(3, int) for field in ("records", *FIELDS)}
        self.documents = self.found = self.read = self.negatives = self.false = 0
        self.values = {field: [] for field in FIELDS}

    def add(self, scorer, source, mentions):
        if not source.records:
            self.negatives, self.false = self.negatives + 1, self.false + bool(mentions)
            return
        records, mentions = source.records[: documents.MOST], mentions[: documents.MOST]
        pairs = scorer.align(records, mentions)
        cut = {i for i, record in enumerate(records) if record.get("truncated")}
        gone = {j for i, j in pairs if i in cut}
        matched = {i: j for i, j in pairs if i not in cut}
        asked, made = len(records) - len(cut), len(mentions) - len(gone)
        taken = set(matched.values()) | gone
        own = {"records": numpy.array([len(matched), made, asked])}
        for field in FIELDS:
            if field in OPTIONAL and not any(field in record for record in records):
                continue
            count = numpy.zeros(3, int)
            for i, record in enumerate(records):
                if i in cut or field in OPTIONAL and field not in record:
                    continue
                got = mentions[matched[i]] if i in matched else {}
                judged = scorer.judge(field, record, got)
                count += judged
                confidence = got.get("confidence", {}).get("/award/text" if field == "award" else "/" + field)
                if judged[1] and confidence is not None:
                    self.values[field].append((confidence, judged[0]))
            if field not in OPTIONAL:
                extra = [mention for j, mention in enumerate(mentions) if j not in taken and mention.get(field)]
                count[1] += len(extra)
                self.values[field].extend((mention["confidence"].get("/" + field, 0), 0) for mention in extra)
            own[field] = count
        f1 = {field: 2 * count[0] / max(1, count[1] + count[2]) for field, count in own.items()}
        of_names = "name" if any(record.get("name") for record in records) else "project"
        self.documents += 1
        self.found += f1["records"] >= RIGHT
        self.read += f1["records"] >= RIGHT and f1[of_names] >= RIGHT
        # A long document counts for thirty records.
        share = min(1.0, CAP / max(1, *own["records"][1:]))
        for field, count in own.items():
            self.counts[field] = self.counts[field] + share * count

    def print(self, label, out=None):
        print(f"{label}: {self.found} found and {self.read} read of {self.documents}; {self.false} of {self.negatives} without laureates give records", file=out)
        for field, (right, made, asked) in self.counts.items():
            print(f"  {field:12} P {right / max(1, made):.3f} R {right / max(1, asked):.3f} F1 {2 * right / max(1, made + asked):.3f}", end="", file=out)
            if self.values.get(field):
                said, good = numpy.array(sorted(self.values[field])).T
                print(f"; calibration error {documents.calibration_error(said, good):.3f}, {documents.caught(said, good):.2f} of the wrong among the least sure fifth", end="", file=out)
            print(file=out, flush=True)


def score(tallies, palmares, sources, scorer):
    for expect, tally in tallies.items():

        def extract(source):
            out = subprocess.run([palmares, "extract", "--no-profiles", "--no-config", "--expect", expect, source.path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
            return [json.loads(line) for line in out.splitlines()]

        with ThreadPoolExecutor(2) as pool:
            for source, mentions in zip(sources, pool.map(extract, sources)):
                tally.add(scorer, source, mentions)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default=os.environ.get("PALMARES_SHARED", os.path.join(documents.ROOT, "../shared")))
    parser.add_argument("--folds", type=int, default=documents.FOLDS, help="as many of the ten folds")
    parser.add_argument("--seen", action="store_true")
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--built", action="store_true", help="the program in target/learn is the one to measure")
    options = parser.parse_args()
    scorer = documents.load_scorer(options.shared)
    sources = documents.documents(options.shared)
    tallies = {"laureates": Tally(), "unknown": Tally()}
    judged = {"real", "kinds"}
    if options.seen or options.unseen:
        unseen = documents.cases("unseen", os.path.join(documents.ROOT, "scripts", "learn", "unseen"))
        chosen = list(unseen) if options.unseen else [s for s in sources if s.collection in judged]
        score(tallies, os.path.join(documents.ROOT, "target/release/palmares"), chosen, scorer)
    else:
        palmares = documents.learning_program(build=not options.built)
        target = os.path.join(documents.ROOT, "target/learn")
        weights = os.path.join(target, "weights")
        os.environ["PALMARES_WEIGHTS"], os.environ["PALMARES_READ"] = weights, os.path.join(target, "read")
        shutil.rmtree(os.environ["PALMARES_READ"], ignore_errors=True)
        os.makedirs(os.environ["PALMARES_READ"])
        for number, fold in enumerate(documents.folds(s.family for s in sources)[: options.folds]):
            shutil.copytree(os.path.join(documents.ROOT, "data"), weights, dirs_exist_ok=True)
            for script, out in SCRIPTS:
                documents.learn(script, out, palmares, weights, options.shared, [number])
            score(tallies, palmares, [s for s in sources if s.collection in judged and s.family in fold], scorer)
            for expect, tally in tallies.items():
                tally.print(f"{number + 1} folds, --expect {expect}", sys.stderr)
    for expect, tally in tallies.items():
        tally.print(f"--expect {expect}")


if __name__ == "__main__":
    main()
