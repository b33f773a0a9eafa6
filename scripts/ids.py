#!/usr/bin/env python3
"""Whether ids last: documents are added in every order, pages are changed beside their entries, and laureates that this does not touch keep their ids.

usage: ids.py [--palmares target/release/palmares] [DOCUMENT…]     by default those of raw/

For every order in which the documents can come, each is added to a folder that is run again each time into the same output (325 runs for five). Then a comment, an entry of a
menu and a sentence at the end are added to each page in turn. A laureate that has the same mentions as before, or more of them, has the id that it had; of two that have become one, one of their ids.
Exits with 1 where one has not.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHANGES = {
    "a comment": lambda page: re.sub(r"<body[^>]*>", r"\g<0><!-- vu -->", page, count=1),
    "an entry of a menu": lambda page: re.sub(r"<body[^>]*>", r'\g<0><nav><ul><li><a href="/plan">Plan du site</a></li></ul></nav>', page, count=1),
    "a sentence": lambda page: page.replace("</body>", "<p>Page revue en septembre.</p></body>", 1),
}


class Runs:
    def __init__(self, palmares):
        self.palmares, self.n, self.failed = palmares, 0, []

    def laureates(self, folder):
        """Runs over the documents of a folder; the ids of laureates by their mentions, each mention as document, name and project."""
        self.n += 1
        out = subprocess.run([self.palmares, "run", "--quiet", "--no-config", "--expect", "laureates"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if out.returncode > 1:
            sys.exit(f"palmares run: {out.stdout}")
        with open(os.path.join(folder, "extracted/mentions.ndjson"), encoding="utf-8") as file:
            said = {mention["id"]: (mention["document"]["path"], mention.get("name"), mention.get("project")) for mention in map(json.loads, file)}
        with open(os.path.join(folder, "extracted/laureates.ndjson"), encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
        return {frozenset(said[source["mention"]] for source in record["sources"]): record["id"] for record in records}

    def hold(self, before, after, what):
        of = {mention: id for mentions, id in after.items() for mention in mentions}
        for mentions, id in before.items():
            now = {of.get(mention) for mention in mentions}
            merged = {other for others, other in before.items() if any(of.get(mention) in now for mention in others)}
            if len(now) == 1 and None not in now and id not in now and not now & merged:
                self.failed.append(f"{what}: {sorted(mentions, key=str)[0]} was {id}, is {now}")


def orders(runs, folder, left, before, said):
    for document in left:
        with tempfile.TemporaryDirectory() as scratch:
            next_folder = os.path.join(scratch, "f")
            shutil.copytree(folder, next_folder)
            shutil.copy(document, os.path.join(next_folder, "raw"))
            after = runs.laureates(next_folder)
            name = os.path.basename(document)
            runs.hold(before, after, f"{said}, then {name}")
            orders(runs, next_folder, [other for other in left if other != document], after, f"{said}, {name}" if said else name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--palmares", default=os.path.join(ROOT, "target/release/palmares"))
    parser.add_argument("documents", nargs="*")
    options = parser.parse_args()
    documents = options.documents or sorted(os.path.join(ROOT, "raw", name) for name in os.listdir(os.path.join(ROOT, "raw")) if not name.startswith("."))
    runs = Runs(os.path.abspath(options.palmares))
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "raw"))
        orders(runs, folder, documents, {}, "")
        for document in documents:
            shutil.copy(document, os.path.join(folder, "raw"))
        before = runs.laureates(folder)
        for document in (document for document in documents if document.endswith(".html")):
            path = os.path.join(folder, "raw", os.path.basename(document))
            with open(path, encoding="utf-8") as file:
                page = file.read()
            for what, change in CHANGES.items():
                changed = change(page)
                if changed == page:
                    sys.exit(f"{document} has no place for {what}")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(changed)
                runs.hold(before, runs.laureates(folder), f"{what} in {os.path.basename(document)}")
            with open(path, "w", encoding="utf-8") as file:
                file.write(page)
    print("\n".join(runs.failed[:20]))
    print(f"{runs.n} runs over {len(documents)} documents: {len(runs.failed)} ids changed that should not have")
    sys.exit(bool(runs.failed))


if __name__ == "__main__":
    main()
