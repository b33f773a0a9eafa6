"""What the package is for: a function for each of the command's main subcommands."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Unpack

from palmares import _tables
from palmares._command import ReadingOptions, Source, ask, reading_arguments, stream
from palmares._errors import DocumentError, Message, UsageError
from palmares._records import Document, Laureate, Linked, Mention, Run, Taught


def read(source: Source, **options: Unpack[ReadingOptions]) -> Document:
    """Reads one document: a path, bytes, or a file opened for reading bytes.

    >>> import palmares
    >>> with open("raw/laureats-agir-2022.pdf", "rb") as file:
    ...     document = palmares.read(file, expect="laureates")
    >>> document
    <Document -: 8 mentions>
    >>> document.mentions[0].name
    'LES FRANCAS DU MENÉ'

    Raises `DocumentError` where nothing can be read of it, and `UsageError` where there is none.
    """
    path, given = _path_and_bytes(source)
    printed, messages, _ = ask("extract", "--documents", *reading_arguments(options), "--", path, given=given)
    failures: list[DocumentError] = []
    documents = list(_documents([*messages, *map(json.loads, printed.splitlines())], failures))
    if len(documents) > 1:
        raise UsageError(Message("error", f"`{path}` holds {len(documents)} documents", "`read_all` reads them"))
    if documents:
        return documents[0]
    if failures:
        raise failures[0]
    raise UsageError(Message("error", f"no document was read from `{path}`"))


def read_all(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    *,
    failures: list[DocumentError] | None = None,
    **options: Unpack[ReadingOptions],
) -> Iterator[Document]:
    """Reads many documents (files, folders, globs), one after the other as they are asked for, by one process.

    They come by path. One that cannot be read does not stop the others: its error is put into `failures`; without that list the first of them is
    raised when all others were given.

    >>> import palmares
    >>> for document in palmares.read_all(["raw"], config=False):
    ...     print(document.path, len(document.mentions))
    raw/aller-vers-les-invisibles.html 5
    raw/carnet-initiatives-emploi.pdf 6
    raw/laureats-agir-2022.pdf 8
    raw/remobiliser-par-le-faire.html 5
    raw/tremplins-solidaires.html 6
    """
    arguments = [*reading_arguments(options), "--", *_paths(paths)]
    return _read_all(arguments, failures)


def run(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    decisions: str | os.PathLike[str] | None = None,
    organisations: str | os.PathLike[str] | None = None,
    **options: Unpack[ReadingOptions],
) -> Run:
    """Reads documents and brings together what they say of one laureate; writes the folder `output`, where one is named.

    `decisions` is a table of what people decided, `organisations` a register of your own (docs/decisions.md, docs/linking.md).

    >>> import palmares
    >>> result = palmares.run(["raw"], config=False)
    >>> result
    <Run: 5 documents, 19 laureates>
    >>> result.laureates[0].name, len(result.laureates[0].sources)
    ('LES FRANCAS DU MENEZ', 2)

    Documents that could not be read are in `failures` of the result; where none could, `UsageError` is raised and nothing written.
    """
    with tempfile.TemporaryDirectory(prefix="palmares-") as scratch:
        folder = Path(scratch, "run") if output is None else Path(output)
        arguments = [f"--output={folder}", *reading_arguments(options)]
        for name, file in (("decisions", decisions), ("organisations", organisations)):
            if file is not None:
                arguments.append(f"--{name}={os.fspath(file)}")
        _, messages, _ = ask("run", *arguments, "--", *_paths(paths))
        _ensure_written(messages)
        mentions: dict[str, list[Mention]] = {}
        for mention in map(Mention, _lines(folder / "mentions.ndjson")):
            mentions.setdefault(mention.path, []).append(mention)
        failures: list[DocumentError] = []
        documents = list(_documents([*messages, *_lines(folder / "documents.ndjson")], failures))
        for document in documents:
            document.mentions.extend(mentions.get(document.path, ()))
        return Run(
            laureates=[Laureate(record) for record in _lines(folder / "laureates.ndjson")],
            documents=documents,
            links=list(_lines(folder / "links.ndjson")),
            rejects=list(_lines(folder / "rejects.ndjson")),
            failures=failures,
            output=None if output is None else folder,
        )


def link(
    table: object,
    *,
    columns: Mapping[str, str] | None = None,
    link_type: Literal["dedupe", "link", "both"] | None = None,
    threshold: float | None = None,
    list_column: str | None = None,
) -> Linked:
    """Tells which rows of a table are one organisation, and which are one laureate.

    A table is a file (CSV, NDJSON), several, a DataFrame, an Arrow table, or rows, such as the mentions of documents. Columns are known by their
    names; `columns` says which one a field is read from.

    >>> import palmares
    >>> rows = [
    ...     {"Structure": "Mission locale du Trégor", "Commune": "Lannion"},
    ...     {"Structure": "MISSION LOCALE TREGOR", "Commune": "Lannion"},
    ...     {"Structure": "Roulez Brest", "Commune": "Brest"},
    ... ]
    >>> linked = palmares.link(rows, columns={"name": "Structure", "territory": "Commune"})
    >>> [(laureate.name, len(laureate.sources)) for laureate in linked.laureates]
    [('Mission locale du Trégor', 2), ('Roulez Brest', 1)]
    """
    paths, given = _table(table)
    arguments = [f"--map={field}={column}" for field, column in (columns or {}).items()]
    for name, value in (("link-type", link_type), ("threshold", threshold), ("list-column", list_column)):
        if value is not None:
            arguments.append(f"--{name}={value}")
    with tempfile.TemporaryDirectory(prefix="palmares-") as scratch:
        folder = Path(scratch, "linked")
        ask("link", f"--output={folder}", *arguments, "--", *paths, given=given)
        return Linked(
            laureates=[Laureate(record) for record in _lines(folder / "laureates.ndjson")],
            links=list(_lines(folder / "links.ndjson")),
        )


def explain(
    source: Source,
    *,
    considered: bool = False,
    stretches: bool = False,
    measures: bool = False,
    **options: Unpack[ReadingOptions],
) -> dict[str, Any]:
    """Tells how a document was read: where entries start and why, which label gave which field, what belongs to no entry (docs/explain.md).

    `considered` adds all partitions with their measures, `stretches` what was considered as each name, `measures` what each confidence is made of.

    >>> import palmares
    >>> palmares.explain("raw/laureats-agir-2022.pdf")["chosen"]["method"]
    'a head followed by a label'
    """
    path, given = _path_and_bytes(source)
    more = [f"--{name}" for name, asked in (("considered", considered), ("stretches", stretches), ("measures", measures)) if asked]
    printed, messages, _ = ask("explain", *more, *reading_arguments(options), "--", path, given=given)
    if not printed.strip():
        raise DocumentError(next((one for one in messages if one.kind == "error"), Message("error", f"nothing is told of `{path}`")))
    told: dict[str, Any] = json.loads(printed)
    return told


def teach(
    source: Source,
    entries: Sequence[Mapping[str, str]],
    *,
    not_: Iterable[str] = (),
    output: str | os.PathLike[str] | None = None,
    config: str | os.PathLike[str] | Literal[False] | None = None,
) -> Taught:
    """Learns from entries shown as printed, in whatever case, how a document is read; writes the profile into the file `output`, where one is named.

    An entry has a `name`, a `project`, or both, and may have `territory`, `region`, `public`, `theme` and `description`. `not_` are texts that are no
    entry and no name. A file that is there already is not replaced.

    >>> import palmares
    >>> page = "# Lauréats\\n\\nLe Fournil – Du pain\\nBrest\\n\\nLa Serre – Des fleurs\\nDole\\n\\nLe Bief – De l'eau\\nGray\\n".encode()
    >>> taught = palmares.teach(page, [{"name": "La Serre", "project": "Des fleurs"}], config=False)
    >>> taught
    <Taught: 3 entries>
    >>> [entry["name"] for entry in taught.entries]
    ['Le Fournil', 'La Serre', 'Le Bief']

    The profile is then given to `read` and the others by its file, as `profiles=[output]`. Raises `UsageError` where what is shown does not stand in
    the document, or in entries of no common form, and `DocumentError` where nothing can be read of it.
    """
    path, given = _path_and_bytes(source)
    with tempfile.TemporaryDirectory(prefix="palmares-") as scratch:
        shown = Path(scratch, "shown.json")
        shown.write_text(json.dumps({"entries": [dict(entry) for entry in entries]}), encoding="utf-8")
        arguments = [f"--examples={shown}", *(f"--not={text}" for text in not_), *reading_arguments({} if config is None else {"config": config})]
        if output is not None:
            arguments.append(f"--output={os.fspath(output)}")
        printed, messages, _ = ask("teach", *arguments, "--", path, given=given)
    for message in messages:
        if message.kind == "error":
            raise UsageError(message) if message.path is None else DocumentError(message)
    told = json.loads(printed)
    return Taught(
        profile=told["profile"],
        way=told["way"],
        entries=[*told["first"], *told["others"]],
        found=told["found"],
        left_over=told["left_over"],
        doubts=told["doubts"],
        output=None if output is None else Path(output),
    )


def _read_all(arguments: list[str], failures: list[DocumentError] | None) -> Iterator[Document]:
    failed: list[DocumentError] = [] if failures is None else failures
    yield from _documents(stream("extract", "--documents", *arguments), failed)
    if failures is None and failed:
        raise failed[0]


def _ensure_written(messages: list[Message]) -> None:
    """What is said of no document is said of the run: where none could be read, the folder is left as it was."""
    of_documents = [message for message in messages if message.kind == "error" and message.path is not None]
    for message in messages:
        if message.kind == "error" and message.path is None:
            raise UsageError(message) from next(map(DocumentError, of_documents), None)


def _documents(said: Iterable[dict[str, Any] | Message], failures: list[DocumentError]) -> Iterator[Document]:
    """Puts together what is printed and said of each document: its record comes before its mentions, and what is said of it before its record."""
    document: Document | None = None
    read: set[str] = set()
    errors: list[Message] = []
    rejections: dict[str, list[Message]] = {}
    for one in said:
        if isinstance(one, Message):
            if one.kind == "error" and one.path is not None:
                errors.append(one)
            elif one.kind == "rejected" and one.path is not None:
                rejections.setdefault(one.path, []).append(one)
        elif "position" in one:
            assert document is not None, "a document's record is printed before its mentions"
            document.mentions.append(Mention(one))
        else:
            if document is not None:
                yield document
            path = one["document"]["path"]
            document = Document(one, rejections=rejections.pop(path, []))
            read.add(path)
    if document is not None:
        yield document
    # What could not be read of a document that gave something is among its warnings.
    failures.extend(DocumentError(error) for error in errors if error.path not in read)


def _path_and_bytes(source: Source) -> tuple[str, bytes | None]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "-", bytes(source)
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source), None
    content = source.read()
    if not isinstance(content, bytes):
        raise TypeError("the file is opened for reading text: open it with `\"rb\"`")
    return "-", content


def _paths(paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str]) -> list[str]:
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    named = [os.fspath(path) for path in paths]
    if not named:
        raise ValueError("no path is given")
    return named


def _table(table: object) -> tuple[list[str], bytes | None]:
    """The files of a table, or its rows as NDJSON."""
    if isinstance(table, (str, os.PathLike)):
        return [os.fspath(table)], None
    rows = list(_tables.to_rows(table))
    files = [os.fspath(row) for row in rows if isinstance(row, (str, os.PathLike))]
    if files:
        return files, None
    lines = (json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=False, default=str) for row in rows)
    return ["-"], "".join(f"{line}\n" for line in lines).encode()


def _plain(value: Any) -> Any:
    """A missing value of pandas is none: it is the one that is not equal to itself, or that does not say."""
    try:
        return value if isinstance(value, (list, dict)) or value == value else None
    except (TypeError, ValueError):
        return None


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
