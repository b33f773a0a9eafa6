#!/usr/bin/env python3
"""Rebuild the PDFs of raw/ and fixtures/, and the workbooks and texts of fixtures/, from their sources. Usage: python3 scripts/samples/build.py [NAME…]

NAME.html is made by WeasyPrint, NAME.chromium.html by Chromium, NAME.tex by pdfTeX, and NAME.py makes its PDF itself (ReportLab), or its workbook
or text (openpyxl, odfpy, xlwt, python-docx), which its folder names. All PDFs but Chromium's have the same bytes every time; of its PDFs, the two dates are set."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Producers stamp the build time into the PDF unless told another; the samples must not change from build to build.
os.environ["SOURCE_DATE_EPOCH"] = "1672531200"
DATE = b"D:20230101000000+00'00'"

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent


def weasyprint(source, target):
    import weasyprint

    weasyprint.HTML(filename=str(source)).write_pdf(str(target), pdf_identifier=source.stem.encode())


def chromium(source, target):
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={profile}"]
        subprocess.run(["chromium", *options, f"--print-to-pdf={target}", source.as_uri()], check=True, capture_output=True)
    target.write_bytes(re.sub(rb"D:\d{14}\+00'00'", DATE, target.read_bytes()))


def tex(source, target):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(source, folder)
        subprocess.run(["pdflatex", "-interaction=batchmode", source.name], cwd=folder, check=True, capture_output=True)
        shutil.copy(pathlib.Path(folder) / f"{source.stem}.pdf", target)


def script(source, target):
    # What a workbook or text is its folder says already.
    made = next((path for path in target.parent.glob("input.*") if path.suffix != ".pdf"), target)
    subprocess.run([sys.executable, str(source), str(made)], check=True)


PRODUCERS = {".chromium.html": chromium, ".html": weasyprint, ".tex": tex, ".py": script}
FOLDERS = [(root / "scripts" / "fixtures", "fixtures/{}/input.pdf"), (root / "scripts" / "fixtures" / "held-out", "fixtures/held-out/{}/input.pdf")]

wanted = sys.argv[1:]
targets = [(source, root / "raw" / f"{source.stem}.pdf", weasyprint) for source in sorted(here.glob("*.html"))]
for folder, pattern in FOLDERS:
    for source in sorted(path for path in folder.glob("*") if path.is_file()):
        ending = next((ending for ending in PRODUCERS if source.name.endswith(ending)), None)
        if ending:
            targets.append((source, root / pattern.format(source.name.removesuffix(ending)), PRODUCERS[ending]))
for source, target, produce in targets:
    if not wanted or any(name in str(target) for name in wanted):
        target.parent.mkdir(exist_ok=True)
        produce(source, target)
        print(target.relative_to(root))
