"""The documents that weights are learnt from, with what is right in each: those of the shared folder and the repository's fixtures.

`documents(shared)` lists them; `read(palmares, documents)` has the program lay open every partition of each, and says how right each would be.
Needs numpy, and the shared scorer.
"""
import argparse
import glob
import hashlib
import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MOST, FOLDS = 100, 10
FIELDS = ("name", "project", "territory", "description", "public", "amount", "award", "accept")


class Source:
    """A document: where it is, which family it is of, whether it had any part in rules and weights, and its records."""

    def __init__(self, collection, family, path, records):
        self.collection, self.family, self.path, self.records = collection, family, path, records


def options(doc, name, palmares=os.path.join(ROOT, "target/release/palmares")):
    """The command line of a script that learns `data/NAME`."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--palmares", default=palmares)
    parser.add_argument("--shared", default=os.environ.get("PALMARES_SHARED", os.path.join(ROOT, "../shared")))
    parser.add_argument("--out", default=os.path.join(ROOT, "data", name))
    parser.add_argument("--without", type=int, nargs="*", default=[], metavar="FOLD", help="learn nothing from the families of these folds (whole.py and confidence.py ask for it)")
    return parser.parse_args()


def of_folds(sources, numbers):
    """The documents whose family is in one of these folds."""
    every = folds(source.family for source in sources)
    families = set().union(*(every[number] for number in numbers))
    return [source for source in sources if source.family in families]


def learnt_from(options):
    """The documents that a script learns from: those outside of the folds that are left out."""
    return of_folds(documents(options.shared), sorted(set(range(FOLDS)) - set(options.without)))


def learning_program(build=True):
    """A program that reads its weights from the folder PALMARES_WEIGHTS."""
    target = os.path.join(ROOT, "target/learn")
    if build:
        subprocess.run(["cargo", "build", "--release", "--quiet", "--features", "learn", "--target-dir", target], cwd=ROOT, check=True)
    return os.path.join(target, "release/palmares")


def learn(script, out, palmares, weights, shared, without):
    """Has a script learn without some folds; the program and the script read the other weights from the folder, and what is learnt goes there."""
    command = [sys.executable, os.path.join(ROOT, "scripts/learn", script), "--shared", shared, "--palmares", palmares, "--out", os.path.join(weights, out), "--without", *map(str, without)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PALMARES_WEIGHTS": weights})


def folds(families):
    """Families in ten folds, the same each time."""
    names = sorted(set(families))
    order = numpy.random.RandomState(0).permutation(len(names))
    return [{names[i] for i in order[fold::FOLDS]} for fold in range(FOLDS)]


def load_scorer(shared):
    sys.path.insert(0, os.path.join(shared, "eval"))
    import real
    return real


def cases(collection, folder):
    """The cases of a folder in the form of fixtures: input.* and expected.json."""
    for path in sorted(glob.glob(os.path.join(folder, "*", "expected.json"))):
        case = os.path.dirname(path)
        inputs = sorted(glob.glob(os.path.join(case, "input.*")))
        if not inputs or os.path.exists(os.path.join(case, "profile.toml")):
            continue
        expected = json.load(open(path, encoding="utf-8"))
        records = expected.get("records")
        if records is None:
            continue
        name = os.path.basename(case)
        family = name[:-2] if collection == "kinds" and name[-2:] in ("-a", "-b") else name
        yield Source(collection, f"{collection}/{family}", inputs[0], [{key: record[key] for key in FIELDS if key in record} for record in records])


def calibration_error(said, right):
    """The expected calibration error, over ten bands; two arrays."""
    bands = numpy.minimum((said * 10).astype(int), 9)
    return sum(abs(said[bands == band].mean() - right[bands == band].mean()) * (bands == band).mean() for band in set(bands))


def caught(said, right, share=0.2):
    """Of what is wrong, how much stands among the least sure; two arrays."""
    wrong = 1 - right[numpy.argsort(said, kind="stable")]
    return wrong[: int(round(len(wrong) * share))].sum() / max(1, wrong.sum())


def documents(shared):
    sources = []
    # Pages of one publisher are of one family.
    kin = {"029": "014", "088": "014", "089": "014", "065": "061", "c04": "c05", "d20": "d01"}
    for path in sorted(glob.glob(os.path.join(shared, "real", "gold", "*.json"))):
        gold = json.load(open(path, encoding="utf-8"))
        name = os.path.basename(path)[:3]
        sources.append(Source("real", f"real/{kin.get(name, name)}", os.path.join(shared, "real", "docs", gold["document"]), gold["records"]))
    for collection in ("kinds", "trial", "field"):
        sources.extend(cases(collection, os.path.join(shared, collection)))
    sources.extend(cases("fixtures", os.path.join(ROOT, "fixtures")))
    sources.extend(cases("held-out", os.path.join(ROOT, "fixtures", "held-out")))
    # After kinds of real pages; not all of them are read right.
    sources.extend(cases("pages", os.path.join(ROOT, "scripts", "learn", "pages")))
    for path in sorted(glob.glob(os.path.join(shared, "corpus", "gold", "*.json"))):
        name = os.path.basename(path)[:-5]
        gold = json.load(open(path, encoding="utf-8"))
        records = gold.get("records", []) if isinstance(gold, dict) else []
        for document in sorted(glob.glob(os.path.join(shared, "corpus", "*", name + ".*"))):
            if "/gold/" not in document:
                sources.append(Source("corpus", f"corpus/{name}", document, records))
    # Small files of a PDF reader's tests: none names laureates.
    for path in sorted(glob.glob(os.path.join(shared, "hostile", "*.pdf"))):
        sources.append(Source("hostile", f"hostile/{os.path.basename(path)}", path, []))
    return sources


def told(palmares, path, *flags):
    """What `explain` says of a document, as a program with these flags prints it; nothing where it cannot be read."""
    out = subprocess.run([palmares, "explain", "--no-config", "--no-profiles", *flags, "--format", "json", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        return json.loads(out.stdout)
    except ValueError:
        return {}


def rightness(real, gold, found):
    """How right records are: F1 of records, and of names and projects among them, each as the shared scorer judges."""
    # Beyond this many the time grows, and nothing is learnt; but one that finds many times too many is wrong.
    if not gold or not found or len(found) > 4 * len(gold) + 4 or len(gold) > 4 * len(found) + 4:
        return 0.0, 0.0, 0.0
    gold, found = gold[:MOST], found[:MOST]
    pairs = real.align(gold, found)
    cut = {i for i, record in enumerate(gold) if record.get("truncated")}
    gone = {j for i, j in pairs if i in cut}
    matched = {i: j for i, j in pairs if i not in cut}
    wanted, produced = len(gold) - len(cut), len(found) - len(gone)
    records = 2 * len(matched) / max(1, wanted + produced)
    scores = []
    for field in ("name", "project"):
        right = made = asked = 0
        for i, record in enumerate(gold):
            if i not in cut:
                r, m, a = real.judge(field, record, found[matched[i]] if i in matched else {})
                right, made, asked = right + r, made + m, asked + a
        taken = set(matched.values()) | gone
        made += sum(bool(f.get(field)) for j, f in enumerate(found) if j not in taken)
        scores.append(2 * right / (made + asked) if asked else None)
    return records, scores[0], scores[1]


def read(palmares, shared, sources, jobs=2):
    """For each document what `explain` says of it, and the rightness of each partition. Kept in the folder PALMARES_READ, where that is set: whole.py asks ten times for the same."""
    real = load_scorer(shared)
    kept = os.environ.get("PALMARES_READ")

    def one(source):
        file = kept and os.path.join(kept, hashlib.sha256(source.path.encode()).hexdigest())
        if file and os.path.exists(file):
            with open(file, "rb") as stream:
                return source, pickle.load(stream)
        account = told(palmares, source.path, "--considered")
        for considered in account.setdefault("considered", []):
            considered["rightness"] = rightness(real, source.records, considered.pop("mentions"))
        if file:
            with open(file, "wb") as stream:
                pickle.dump(account, stream)
        return source, account

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(one, sources)
