#!/usr/bin/env python3
"""Rebuild the PDFs of raw/ and fixtures/ from their HTML sources. Usage: python3 scripts/samples/build.py"""
import os
import pathlib

# WeasyPrint stamps the build time into the PDF unless told another; the samples must not change from build to build.
os.environ["SOURCE_DATE_EPOCH"] = "1672531200"

import weasyprint  # noqa: E402

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
targets = [(source, root / "raw" / f"{source.stem}.pdf") for source in sorted(here.glob("*.html"))]
targets += [(source, root / "fixtures" / source.stem / "input.pdf") for source in sorted((root / "scripts" / "fixtures").glob("*.html"))]
targets += [
    (source, root / "fixtures" / "held-out" / source.stem / "input.pdf")
    for source in sorted((root / "scripts" / "fixtures" / "held-out").glob("*.html"))
]
for source, target in targets:
    weasyprint.HTML(filename=str(source)).write_pdf(str(target), pdf_identifier=source.stem.encode())
    print(target.relative_to(root))
