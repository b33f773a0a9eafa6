"""The package against the command that it runs: every function, every form of input, and what is said when something is wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import palmares
import pytest
from palmares import _command, _tables

ROOT = Path(__file__).resolve().parents[2]
BROCHURE = ROOT / "raw/laureats-agir-2022.pdf"
LIST = """# Lauréats de l'appel Rivages 2024

1. Association Les Amis du Port
Territoire : Brest

2. Compagnie du Vent
Territoire : Lannion

3. Régie de quartier
Territoire : Lorient
"""


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples name the samples by their path in the repository."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder of three documents, one of which cannot be read."""
    folder = tmp_path / "lots"
    folder.mkdir()
    (folder / "a.md").write_text(LIST)
    (folder / "b.pdf").write_bytes(b"%PDF-1.7\nnothing that follows")
    (folder / "c.md").write_text(LIST.replace("Brest", "Dinan"))
    return folder


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file with a line for each process of the command that was started, which holds its id."""
    log = tmp_path / "started"
    script = tmp_path / "counted"
    script.write_text(f'#!/bin/sh\necho $$ >> "{log}"\nexec "{_command.find_command()}" "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PALMARES", str(script))
    yield log


def printed_by_the_command(*arguments: str) -> list[dict[str, Any]]:
    command = [_command.find_command(), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_document_is_what_the_command_prints() -> None:
    document = palmares.read(BROCHURE, config=False)
    printed = printed_by_the_command("extract", "--documents", "--no-config", str(BROCHURE))
    assert document.record == printed[0]
    assert [dict(mention) for mention in document.mentions] == printed[1:]
    assert Path(document.path) == BROCHURE.relative_to(ROOT)
    assert document.rejections == []


@pytest.mark.parametrize("given", [BROCHURE.read_bytes(), bytearray(BROCHURE.read_bytes()), io.BytesIO(BROCHURE.read_bytes())])
def test_bytes_and_files_are_read_as_paths_are(given: Any) -> None:
    names = [mention.name for mention in palmares.read(given).mentions]
    assert names == [mention.name for mention in palmares.read(str(BROCHURE)).mentions]


def test_a_text_file_is_refused_with_advice() -> None:
    with pytest.raises(TypeError, match="open it with"):
        palmares.read(io.StringIO("# Lauréats"))  # type: ignore[arg-type]


def test_every_value_has_its_place_and_how_sure_it_is() -> None:
    mention = palmares.read(BROCHURE).mentions[3]
    assert mention.evidence.keys() >= {"/name", "/territory", "/places/0"}
    assert mention.evidence["/name"][0]["page"] == 2
    assert all(0 <= value <= 1 for value in mention.confidence.values())
    assert mention.places[0]["text"] and mention.position == 4 and mention["ordinal"] == 4
    assert len(mention) == len(dict(mention)) and "needs" in mention


def test_options_reach_the_command(lists: Path) -> None:
    assert len(palmares.read(lists / "a.md").mentions) == 3
    strict = palmares.read(lists / "a.md", min_confidence=1.0, expect="laureates", ocr="never", jobs=1, config=False)
    assert strict.mentions == []
    assert {message.kind for message in strict.rejections} == {"rejected"} and strict.rejections[0].path == strict.path
    with pytest.raises(TypeError, match="there is no option `expects`; there are expect"):
        palmares.read(BROCHURE, expects="laureates")  # type: ignore[call-arg]
    with pytest.raises(palmares.UsageError) as told:
        palmares.read(BROCHURE, config="absent.toml")
    assert "absent.toml" in str(told.value)


def test_what_is_wrong_is_told_in_the_words_of_the_command(lists: Path) -> None:
    with pytest.raises(palmares.UsageError) as absent:
        palmares.read("absent.pdf")
    assert absent.value.message == "no document found at `absent.pdf`" and absent.value.hint
    with pytest.raises(palmares.DocumentError) as broken:
        palmares.read(lists / "b.pdf")
    assert broken.value.path == str(lists / "b.pdf")
    assert str(broken.value).startswith(f"{lists / 'b.pdf'}: ")
    with pytest.raises(palmares.UsageError, match="`miracles` is no value"):
        palmares.read(BROCHURE, expect="miracles")  # type: ignore[arg-type]


def test_a_folder_is_for_read_all(lists: Path) -> None:
    with pytest.raises(palmares.UsageError, match=r"holds 2 documents[\s\S]*hint: `read_all` reads them"):
        palmares.read(lists)


def test_many_documents_are_read_by_one_process(lists: Path, started: Path) -> None:
    failures: list[palmares.DocumentError] = []
    documents = list(palmares.read_all(lists, failures=failures))
    assert [Path(document.path).name for document in documents] == ["a.md", "c.md"]
    assert [len(document.mentions) for document in documents] == [3, 3]
    assert [Path(failure.path or "").name for failure in failures] == ["b.pdf"]
    assert len(started.read_text().split()) == 1


def test_a_failure_is_raised_when_the_others_were_given(lists: Path) -> None:
    documents = palmares.read_all([lists])
    assert [Path(next(documents).path).name, Path(next(documents).path).name] == ["a.md", "c.md"]
    with pytest.raises(palmares.DocumentError, match="b.pdf"):
        next(documents)


def test_rejections_are_those_of_their_document(lists: Path) -> None:
    for document in palmares.read_all(lists, failures=[], min_confidence=1.0):
        assert document.mentions == [] and len(document.rejections) == 3
        assert {rejection.path for rejection in document.rejections} == {document.path}


def test_an_iterator_that_is_given_up_ends_its_process(lists: Path, started: Path) -> None:
    for number in range(300):
        (lists / f"d{number}.md").write_text(LIST.replace("Brest", f"Brest {number}"))
    documents = palmares.read_all(lists)
    next(documents)
    documents.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def test_misuse_of_many_is_told_at_the_first() -> None:
    with pytest.raises(ValueError, match="no path"):
        palmares.read_all([])
    with pytest.raises(palmares.UsageError, match="absent"):
        next(palmares.read_all("absent"))


def test_more_paths_than_the_system_takes_are_told() -> None:
    with pytest.raises(palmares.UsageError, match="name folders or globs"):
        next(palmares.read_all([f"{'x' * 1000}{number}.pdf" for number in range(5000)]))


def test_documents_of_an_archive_keep_their_path_within(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "lot.zip", "w") as archive:
        archive.writestr("2024/liste.md", LIST)
    (document,) = palmares.read_all(tmp_path / "lot.zip")
    assert document.path.endswith("lot.zip/2024/liste.md") and len(document.mentions) == 3


def test_a_run_is_the_folder_that_the_command_writes(lists: Path, tmp_path: Path) -> None:
    result = palmares.run(lists, tmp_path / "resultats", config=False)
    written = [json.loads(line) for line in (tmp_path / "resultats/laureates.ndjson").read_text().splitlines()]
    assert [dict(laureate) for laureate in result.laureates] == written
    assert result.output == tmp_path / "resultats"
    assert [len(document.mentions) for document in result.documents] == [3, 3]
    assert [failure.path for failure in result.failures] == [str(lists / "b.pdf")]
    sources = {source["document"] for laureate in result.laureates for source in laureate.sources}
    assert sources == {str(lists / "a.md"), str(lists / "c.md")}
    assert {link["decision"] for link in result.links}


def test_a_run_without_output_leaves_nothing(lists: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    result = palmares.run([lists / "a.md"], config=False)
    assert len(result.laureates) == 3 and result.output is None
    assert sorted(tmp_path.rglob("*")) == before


def test_a_run_that_reads_nothing_is_no_earlier_one(lists: Path, tmp_path: Path) -> None:
    palmares.run(lists / "a.md", tmp_path / "resultats", config=False)
    with pytest.raises(palmares.UsageError, match="no document could be read") as told:
        palmares.run([lists / "b.pdf"], tmp_path / "resultats", config=False)
    assert "damaged" in str(told.value.__cause__)


ROWS = [
    {"id": "1", "name": "Mission locale du Trégor", "territory": "Lannion", "project": None},
    {"id": "2", "name": "MISSION LOCALE TREGOR", "territory": "Lannion", "project": None},
    {"id": "3", "name": "Roulez Brest", "territory": "Brest", "project": None},
]


def test_tables_of_any_kind_are_linked_alike(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    file = tmp_path / "lauréats.csv"
    pandas.DataFrame(ROWS).to_csv(file, index=False)
    tables = [ROWS, iter(ROWS), pandas.DataFrame(ROWS), pyarrow.Table.from_pylist(ROWS), file, [file]]
    for table in tables:
        linked = palmares.link(table)
        assert [(laureate.name, len(laureate.sources)) for laureate in linked.laureates] == [
            ("Mission locale du Trégor", 2),
            ("Roulez Brest", 1),
        ], table
        assert linked.laureates[0].organisation != linked.laureates[1].organisation
        assert linked.links
    assert len(palmares.link(ROWS, threshold=1.0, link_type="link").laureates) == 3
    with pytest.raises(TypeError, match="not int"):
        palmares.link(3)


def test_mentions_of_documents_are_linked() -> None:
    documents = list(palmares.read_all("raw", config=False))
    mentions = [mention for document in documents for mention in document.mentions]
    assert len(mentions) == 30
    assert len(palmares.link(mentions).laureates) == 19


def test_explain_tells_how_a_document_was_read() -> None:
    told = palmares.explain(BROCHURE, considered=True)
    assert len(told["entries"]) == 8 and "considered" in told
    assert palmares.explain(BROCHURE.read_bytes())["document"]["path"] == "-"
    with pytest.raises(palmares.PalmaresError, match="absent"):
        palmares.explain("absent.pdf")


def test_a_run_becomes_a_table_of_pandas() -> None:
    pytest.importorskip("pandas")
    frame = palmares.run("raw", config=False).to_pandas()
    assert len(frame) == 19
    assert {"name", "organisation_id", "amount_value", "places", "provenance"} <= set(frame.columns)
    empty = palmares.Document({"document": {"path": "-"}}).to_pandas()
    assert list(empty.columns) == list(palmares.read(BROCHURE).to_pandas().columns)


def test_types_of_an_arrow_table_follow_from_the_schema() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    documents = list(palmares.read_all("raw", config=False))
    tables = [document.to_arrow() for document in documents]
    assert len({str(table.schema) for table in tables}) == 1
    rows = pyarrow.concat_tables(tables).to_pylist()
    mentions = [mention for document in documents for mention in document.mentions]
    for row, mention in zip(rows, mentions, strict=True):
        assert row["name"] == mention.name and row["partners"] == mention.partners
        assert {pointer: value for pointer, value in row["confidence"]} == mention.confidence
        found = {pointer: [{key: value for key, value in place.items() if value is not None} for place in places] for pointer, places in row["evidence"]}
        assert found == mention.evidence


def test_what_takes_arrow_tables_takes_documents() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    document = palmares.read(BROCHURE)
    assert pyarrow.table(document).num_rows == 8


def test_a_package_that_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    document = palmares.read(BROCHURE)
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"`pandas` is not installed[\s\S]*pip install 'palmares\[pandas\]'"):
        document.to_pandas()
    with pytest.raises(ImportError, match=r"pip install 'palmares\[arrow\]'"):
        document.to_arrow()


def test_types_name_the_fields_of_the_schemas() -> None:
    mention, laureate, document = (json.loads((ROOT / f"schemas/{name}.schema.json").read_text()) for name in ("mention", "laureate", "document"))
    pairs: list[tuple[Any, dict[str, Any]]] = [
        (palmares.Evidence, mention["$defs"]["Evidence"]),
        (palmares.Amount, mention["$defs"]["Amount"]),
        (palmares.Place, mention["$defs"]["Place"]),
        (palmares.Period, mention["$defs"]["Period"]),
        (palmares.Length, mention["$defs"]["Length"]),
        (palmares.Age, mention["$defs"]["Age"]),
        (palmares.Quote, mention["$defs"]["Quote"]),
        (palmares.SourceRef, laureate["$defs"]["SourceRef"]),
        (palmares.Remark, document["$defs"]["Remark"]),
    ]
    for kind, described in pairs:
        assert set(kind.__annotations__) == set(described["properties"]), kind
    for kind, described in ((palmares.Mention, mention), (palmares.Laureate, laureate)):
        fields = {name for name in dir(kind) if not name.startswith("_")} - {"get", "items", "keys", "values", "path"}
        assert fields <= set(described["properties"]), kind


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "palmares", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("palmares ")


def test_a_command_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALMARES", str(tmp_path / "absent"))
    with pytest.raises(palmares.UsageError, match="cannot be run"):
        palmares.read(BROCHURE)
    monkeypatch.delenv("PALMARES")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sysconfig.get_path", lambda *_: str(tmp_path))
    with pytest.raises(palmares.UsageError, match="-m pip install palmares"):
        palmares.read(BROCHURE)


def test_a_command_that_is_killed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "killed"
    script.write_text("#!/bin/sh\nkill -9 $$\n")
    script.chmod(0o755)
    monkeypatch.setenv("PALMARES", str(script))
    with pytest.raises(palmares.PalmaresError, match="by signal 9"):
        palmares.read(BROCHURE)
    with pytest.raises(palmares.PalmaresError, match="by signal 9"):
        next(palmares.read_all(BROCHURE))


def test_a_schema_is_asked_for_once(started: Path) -> None:
    pytest.importorskip("pyarrow")
    _tables._schema.cache_clear()
    document = palmares.read(BROCHURE)
    document.to_arrow()
    document.to_arrow()
    assert len(started.read_text().split()) == 2


def test_a_layout_is_taught_by_one_laureate(lists: Path, tmp_path: Path) -> None:
    shown = [{"name": "compagnie du vent", "territory": "Lannion"}]
    profile = tmp_path / "profiles" / "rivages.toml"
    taught = palmares.teach(lists / "a.md", shown, output=profile, config=False)
    names = ["Association Les Amis du Port", "Compagnie du Vent", "Régie de quartier"]
    assert [entry["name"] for entry in taught.entries] == names
    assert taught.output == profile and profile.read_text() == taught.profile
    assert {(one["field"], one["value"]) for one in taught.found} == {("name", "Compagnie du Vent"), ("territory", "Lannion")}
    read = palmares.read(lists / "c.md", profiles=[profile], config=False)
    assert read.record["profile"] == "rivages" and [mention.name for mention in read.mentions] == names
    assert palmares.teach(LIST.encode(), shown, config=False).entries == taught.entries
    fewer = palmares.teach(lists / "a.md", shown, not_=["Régie de quartier"], config=False)
    assert [entry["name"] for entry in fewer.entries] == names[:2] and fewer.output is None


def test_what_cannot_be_taught_is_told_in_the_words_of_the_command(lists: Path) -> None:
    with pytest.raises(palmares.UsageError) as missing:
        palmares.teach(lists / "a.md", [{"name": "Compagnie du Veau"}])
    assert "Compagnie du Veau" in missing.value.message and "« Compagnie du »" in str(missing.value.hint)
    with pytest.raises(palmares.UsageError, match="no laureate is shown"):
        palmares.teach(lists / "a.md", [])
    with pytest.raises(palmares.UsageError, match="nothing is taught of `nom`"):
        palmares.teach(lists / "a.md", [{"nom": "Compagnie du Vent"}])
    with pytest.raises(palmares.UsageError, match="is there already"):
        palmares.teach(lists / "a.md", [{"name": "Compagnie du Vent"}], output=lists / "c.md")
    with pytest.raises(palmares.DocumentError) as broken:
        palmares.teach(lists / "b.pdf", [{"name": "Compagnie du Vent"}])
    assert broken.value.path == str(lists / "b.pdf")
