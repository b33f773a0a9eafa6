#!/usr/bin/env python3
"""Rebuild the two sample PDFs of raw/ from the HTML beside this script. Usage: python3 scripts/samples/build.py"""
import os
import pathlib

# WeasyPrint stamps the build time into the PDF unless told another; the samples must not change from build to build.
os.environ["SOURCE_DATE_EPOCH"] = "1672531200"

import weasyprint  # noqa: E402

here = pathlib.Path(__file__).resolve().parent
raw = here.parent.parent / "raw"
for source in sorted(here.glob("*.html")):
    target = raw / source.with_suffix(".pdf").name
    weasyprint.HTML(filename=str(source)).write_pdf(str(target), pdf_identifier=source.stem.encode())
    print(target.relative_to(raw.parent))
