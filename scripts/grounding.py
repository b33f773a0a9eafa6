#!/usr/bin/env python3
"""How well the boxes of values hold their words, by an independent reader of PDF.

usage: grounding.py [--palmares target/release/palmares] [--shared ../shared] [PDF…]     by default the PDFs of raw/, fixtures/, and the shared corpus and real documents

For each value of each record, and each of its boxes: the words that pdfplumber finds with their middle in the box are to have the letters of the value, and their
union is to cover the box (intersection over union at least 0.5). A value counts where all of its boxes together do. Page-level: its words stand on the page named.
Exits with 1 under 0.98 of values by box, or 1.00 by page, counted where the other reader shows the words of the value anywhere (it reads some fonts otherwise).
"""
import argparse
import collections
import glob
import json
import os
import subprocess
import sys
import unicodedata

import pdfplumber

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LEAST_BOX, LEAST_PAGE, IOU = 0.98, 1.0, 0.5
# Values as they are printed; of the others parts are worked out.
FIELDS = ("name", "project", "territory", "amount", "award", "description", "public", "theme")


def letters(text):
    return collections.Counter(c for c in unicodedata.normalize("NFKD", text).lower() if c.isalnum())


def area(box):
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def union(boxes):
    xs, ys, us, vs = zip(*boxes)
    return min(xs), min(ys), max(us), max(vs)


def covers(box, words):
    """Intersection over union of a box and of the union of the words in it."""
    found = union([(word["x0"], word["top"], word["x1"], word["bottom"]) for word in words])
    common = area((max(box[0], found[0]), max(box[1], found[1]), min(box[2], found[2]), min(box[3], found[3])))
    return common / (area(box) + area(found) - common)


def values(mention):
    for field in FIELDS:
        value = mention.get(field)
        text = value.get("text") if isinstance(value, dict) else value
        pointer = f"/{field}/text" if isinstance(value, dict) else f"/{field}"
        places = [place for place in mention.get("evidence", {}).get(pointer, []) if place.get("bbox")]
        if text and places and mention.get("origin", {}).get(pointer) is None:
            yield field, text, places


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--palmares", default=os.path.join(ROOT, "target/release/palmares"))
    parser.add_argument("--shared", default=os.environ.get("PALMARES_SHARED", os.path.join(ROOT, "../shared")))
    parser.add_argument("pdfs", nargs="*")
    options = parser.parse_args()
    folders = (f"{ROOT}/raw/*.pdf", f"{ROOT}/fixtures/**/*.pdf", f"{options.shared}/corpus/raw/*.pdf", f"{options.shared}/real/docs/*.pdf")
    pdfs = options.pdfs or sorted(path for pattern in folders for path in glob.glob(pattern, recursive=True))
    total = by_box = by_page = unread = 0
    for path in pdfs:
        out = subprocess.run([options.palmares, "extract", "--no-config", "--quiet", "--expect", "laureates", path], stdout=subprocess.PIPE).stdout
        mentions = [json.loads(line) for line in out.splitlines()]
        if not mentions:
            continue
        missed = []
        with pdfplumber.open(path) as pdf:
            words = {}

            def of(page):
                if page not in words:
                    words[page] = pdf.pages[page - 1].extract_words(keep_blank_chars=False, use_text_flow=True)
                return words[page]

            for mention in mentions:
                for field, text, places in values(mention):
                    wanted = letters(text)
                    pages = {place["page"] for place in places}
                    shown = letters(" ".join(word["text"] for page in pages for word in of(page)))
                    if wanted - shown and any(wanted - letters(" ".join(word["text"] for word in of(page))) for page in range(1, len(pdf.pages) + 1)):
                        unread += 1
                        continue
                    total += 1
                    by_page += not wanted - shown
                    held, iou = collections.Counter(), []
                    for place in places:
                        box = place["bbox"]
                        inside = [word for word in of(place["page"]) if box[0] - 1 <= (word["x0"] + word["x1"]) / 2 <= box[2] + 1 and box[1] - 1 <= (word["top"] + word["bottom"]) / 2 <= box[3] + 1]
                        for word in inside:
                            held += letters(word["text"])
                        iou.append(covers(box, inside) if inside else 0.0)
                    right = not wanted - held and sum(iou) / len(iou) >= IOU
                    by_box += right
                    if not right:
                        missed.append((field, text[:50], round(sum(iou) / len(iou), 2)))
        for miss in missed[:5]:
            print(f"  {os.path.relpath(path, ROOT)}: {miss}")
    print(f"{total} values with boxes in {len(pdfs)} PDFs: {by_box / total:.4f} by box, {by_page / total:.4f} by page; {unread} whose words the other reader shows on no page")
    sys.exit(by_box < LEAST_BOX * total or by_page < LEAST_PAGE * total)


if __name__ == "__main__":
    main()
