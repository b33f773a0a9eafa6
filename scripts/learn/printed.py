#!/usr/bin/env python3
"""Whether a page is read from its PDF as it is from its HTML: the pages with gold are printed by Chromium, with tags and without.

usage: printed.py [--palmares target/release/palmares] [--shared ../shared] [--only kinds] [--floor N]

Scores the HTML pages of the shared folder and of scripts/learn, and what Chromium makes of them, as whole.py does (`--expect laureates`). Pictures lose the words that stand for them: a printed page shows
them only where the picture is missing. With --only, of these collections alone; with --floor, exits with 1 where fewer documents are read from PDF files with tags.
Needs chromium, and what whole.py needs.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents
from whole import Tally

ALTERNATIVE = re.compile(rb"""\balt *= *("[^"]*"|'[^']*')""")
SEARCH = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer"]


def print_page(path, folder, *flags):
    """The PDF that Chromium makes of a page, in a folder that is there."""
    page, pdf = os.path.join(folder, "page.html"), os.path.join(folder, "input.pdf")
    with open(path, "rb") as file, open(page, "wb") as copy:
        copy.write(ALTERNATIVE.sub(b'alt=""', file.read()))
    command = ["chromium", *SEARCH, *flags, f"--user-data-dir={folder}/browser", f"--print-to-pdf={pdf}", f"file://{page}"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=True)
    shutil.rmtree(os.path.join(folder, "browser"), ignore_errors=True)
    return pdf


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--palmares", default=os.path.join(documents.ROOT, "target/release/palmares"))
    parser.add_argument("--shared", default=os.environ.get("PALMARES_SHARED", os.path.join(documents.ROOT, "../shared")))
    parser.add_argument("--only", nargs="*", default=["real", "kinds", "trial", "corpus", "pages", "unseen"], metavar="COLLECTION")
    parser.add_argument("--floor", type=int, default=0, metavar="N")
    options = parser.parse_args()
    scorer = documents.load_scorer(options.shared)
    sources = [*documents.documents(options.shared), *documents.cases("unseen", os.path.join(documents.ROOT, "scripts/learn/unseen"))]
    sources = [source for source in sources if source.collection in options.only and source.path.endswith((".html", ".htm"))]

    def read(path):
        command = [options.palmares, "extract", "--no-profiles", "--no-config", "--expect", "laureates", path]
        out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        return [json.loads(line) for line in out.splitlines()]

    def of(source):
        with tempfile.TemporaryDirectory() as folder:
            tagged = read(print_page(source.path, folder))
            return read(source.path), tagged, read(print_page(source.path, folder, "--disable-pdf-tagging"))

    tallies = {"pages": Tally(), "printed": Tally(), "printed without tags": Tally()}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for source, found in zip(sources, pool.map(of, sources)):
            for tally, mentions in zip(tallies.values(), found):
                tally.add(scorer, source, mentions)
    for label, tally in tallies.items():
        tally.print(label)
    if tallies["printed"].read < options.floor:
        sys.exit(f"{tallies['printed'].read} of the printed pages are read, {options.floor} are asked for")


if __name__ == "__main__":
    main()
