#!/usr/bin/env python3
"""Saves the documents of the shared corpus in other forms, as people do: a text of Word, an OpenDocument text, a workbook of one record a row, an archive of
all of them, a scan.

usage: scripts/forms.py SHARED OUTPUT      needs python-docx, odfpy, openpyxl, pypdfium2, pillow
"""
import html, json, re, sys, zipfile
from pathlib import Path

SCANNED_AT = 200  # points to an inch: what office scanners are set to
COLUMNS = [("name", "Structure"), ("project", "Projet"), ("territory", "Territoire"), ("public", "Public"), ("partners_text", "Partenaires"), ("description", "Description"), ("results", "Résultats")]


MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>[^*\s][^*]*)\*|<sup>(?P<raised>.*?)</sup>|\[(?P<link>[^]]*)\]\([^)]*\)|<(?P<address>(?:https?://|mailto:)[^>]*)>|</?\w+[^>]*>")


def runs(text, style=()):
    """A line of Markdown in, its stretches of one look out: (text, bold, italic or raised)."""
    stretches, start = [], 0
    for mark in MARKS.finditer(text):
        stretches.append((text[start:mark.start()], style))
        for name, said in mark.groupdict().items():
            if said:
                stretches += runs(said, style if name in ("link", "address") else (*style, name))
        start = mark.end()
    stretches.append((text[start:], style))
    return [(html.unescape(said), style) for said, style in stretches if said]


def cell(text):
    """A cell in, its paragraphs and items out."""
    for kind, said in re.findall(r"<(p|li)>(.*?)</(?:p|li)>", text) or [("p", text)]:
        yield ("item" if kind == "li" else "paragraph"), 0, runs(said.strip())


def blocks(text):
    """Markdown in, (kind, level, stretches) out: headings, items of lists and paragraphs; rows of cells for a table."""
    lines = text.splitlines() + [""]
    are_parted = lines.count("") * 4 > len(lines)
    table = []
    while lines:
        line = lines.pop(0)
        if "\t" in line.strip():
            table.append([list(cell(part)) for part in line.split("\t")])
            continue
        if table:
            yield "table", 0, table
            table = []
        if not line.strip():
            continue
        heading, item = re.match(r"(#{1,6})\s+(.*)", line), re.match(r"\s*[-*]\s+(.*)", line)
        if heading:
            yield "heading", len(heading[1]), runs(heading[2])
        elif item:
            yield "item", 1, runs(item[1])
        else:
            # Where empty lines part paragraphs, lines go on with theirs until one is empty, each a line of its own.
            while are_parted and lines[0].strip() and not re.match(r"\s*[-*#]|.*\t", lines[0]):
                line = line.rstrip() + "\n" + lines.pop(0).strip()
            yield "paragraph", 0, runs(line.strip())


def save_docx(text, path):
    import docx

    def fill(place, kind, level, stretches, first=None):
        style = "List Bullet" if kind == "item" else f"Heading {level}" if kind == "heading" else None
        paragraph = first or place.add_paragraph()
        paragraph.style = style or paragraph.style
        for said, look in stretches:
            run = paragraph.add_run(said)
            run.bold, run.italic = "bold" in look or None, "italic" in look or None
            run.font.superscript = "raised" in look or None

    document = docx.Document()
    for kind, level, said in blocks(text):
        if kind != "table":
            fill(document, kind, level, said)
            continue
        table = document.add_table(len(said), max(map(len, said)))
        for row, cells in enumerate(said):
            for column, parts in enumerate(cells):
                place = table.cell(row, column)
                for number, part in enumerate(parts):
                    fill(place, *part, first=None if number else place.paragraphs[0])
    document.save(path)


def save_odt(text, path):
    from odf.opendocument import OpenDocumentText
    from odf.style import Style, TextProperties
    from odf.table import Table, TableCell, TableColumn, TableRow
    from odf.text import H, LineBreak, List, ListItem, P, Span

    document = OpenDocumentText()
    looks = {"bold": {"fontweight": "bold"}, "italic": {"fontstyle": "italic"}, "raised": {"textposition": "super 58%"}}
    for name, look in looks.items():
        style = Style(name=name, family="text")
        style.addElement(TextProperties(**look))
        document.automaticstyles.addElement(style)

    def fill(place, kind, level, stretches):
        element = H(outlinelevel=level) if kind == "heading" else P()
        for said, look in stretches:
            for number, line in enumerate(said.split("\n")):
                if number:
                    element.addElement(LineBreak())
                element.addElement(Span(stylename=look[-1], text=line) if look else Span(text=line))
        if kind == "item":
            item, items = ListItem(), List()
            item.addElement(element)
            items.addElement(item)
            element = items
        place.addElement(element)

    for number, (kind, level, said) in enumerate(blocks(text)):
        if kind != "table":
            fill(document.text, kind, level, said)
            continue
        table = Table(name=f"T{number}")
        table.addElement(TableColumn(numbercolumnsrepeated=max(map(len, said))))
        for cells in said:
            row = TableRow()
            for parts in cells:
                place = TableCell()
                for part in parts:
                    fill(place, *part)
                row.addElement(place)
            table.addElement(row)
        document.text.addElement(table)
    document.save(path)


def save_xlsx(records, path):
    import openpyxl

    sheet = openpyxl.Workbook()
    page = sheet.active
    columns = [(field, name) for field, name in COLUMNS if any(record.get(field) for record in records)]
    page.append([name for _, name in columns])
    for record in records:
        page.append([record.get(field) for field, _ in columns])
    sheet.save(path)


def save_scan(pdf, path):
    import pypdfium2

    pages = [page.render(scale=SCANNED_AT / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=SCANNED_AT, quality=85)


def main():
    shared, output = map(Path, sys.argv[1:3])
    corpus = shared / "corpus"
    output.mkdir(parents=True, exist_ok=True)
    for text in sorted(corpus.glob("text/*.txt")):
        content = text.read_text(encoding="utf-8")
        save_docx(content, output / f"{text.stem}.docx")
        save_odt(content, output / f"{text.stem}.odt")
        records = json.loads((corpus / f"gold/{text.stem}.json").read_text(encoding="utf-8"))["records"]
        save_xlsx(records, output / f"{text.stem}.xlsx")
    with zipfile.ZipFile(output / "corpus.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for document in sorted(corpus.glob("raw/*.*")):
            archive.write(document, f"lot/{document.name}")
    save_scan(corpus / "raw/001.pdf", output / "001-scan.pdf")


if __name__ == "__main__":
    main()
