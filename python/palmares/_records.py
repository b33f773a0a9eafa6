"""What documents say, as the command prints it: records are mappings, their schemas those of `palmares schema`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from palmares import _tables
from palmares._errors import DocumentError, Message

if TYPE_CHECKING:
    import pandas
    import pyarrow


class Evidence(TypedDict, total=False):
    """A place in a document. Which keys there are depends on its form; `palmares schema mention` describes them."""

    page: int
    bbox: list[float]
    span: list[int]
    selector: str
    line: int
    sheet: str
    cell: str
    part: str
    paragraph: int
    characters: list[int]
    join: str


class Amount(TypedDict):
    """A sum: the text found, and its value."""

    text: str
    value: float | None
    currency: str | None


class Place(TypedDict):
    """A place that a text names, with its official code where it has one."""

    text: str
    kind: str
    code: str | None
    name: str | None
    point: list[float] | None
    approximate: bool
    alternatives: list[str]
    parent: str | None
    role: str


class Period(TypedDict):
    """A date or a stretch of dates that a text states: its first and its last day, as ISO 8601 has them."""

    text: str
    start: str | None
    end: str | None
    precision: str


# `from` is a word of Python, and no name of a class's attribute.
Length = TypedDict("Length", {"text": str, "from": float | None, "to": float | None, "unit": str})
"""A length of time that a text states: its least and its most, in its unit."""

Age = TypedDict("Age", {"text": str, "from": float | None, "to": float | None})
"""The ages of those whom a public's text names."""


class Quote(TypedDict):
    """What somebody is quoted with."""

    text: str
    author: str | None
    age: int | None


class SourceRef(TypedDict):
    """A mention that a laureate was read from."""

    document: str
    mention: str
    position: int
    ordinal: int | None
    page: int | None


class Remark(TypedDict):
    """What was noticed of a document."""

    severity: str
    message: str
    hint: str | None
    page: int | None


class Shown(TypedDict):
    """Where a value stands that was shown."""

    example: int
    field: str
    value: str
    place: str


class Record(Mapping[str, Any]):
    """A record as it was printed. Every field of its schema is a key; the frequent ones are attributes, too."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def __getitem__(self, key: str) -> Any:
        return self._fields[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}: {self.name or self.project}>"

    @property
    def id(self) -> str:
        """Its identity, which stays while what it says stays."""
        return str(self._fields["id"])

    @property
    def name(self) -> str | None:
        """The organisation."""
        return self._text("name")

    @property
    def project(self) -> str | None:
        """The title of its project."""
        return self._text("project")

    @property
    def call(self) -> str | None:
        """The call for projects."""
        return self._text("call")

    @property
    def group(self) -> str | None:
        """The section that it stands in."""
        return self._text("group")

    @property
    def region(self) -> str | None:
        """The region that it stands under."""
        return self._text("region")

    @property
    def territory(self) -> str | None:
        """The territory, as printed; `places` has its codes."""
        return self._text("territory")

    @property
    def public(self) -> str | None:
        """The public, as printed."""
        return self._text("public")

    @property
    def description(self) -> str | None:
        """What the project is; paragraphs are joined by a line feed."""
        return self._text("description")

    @property
    def amount(self) -> Amount | None:
        """The sum that was granted."""
        amount: Amount | None = self._fields["amount"]
        return amount

    @property
    def partners(self) -> list[str]:
        """The partners, one by one."""
        partners: list[str] = self._fields["partners"]
        return partners

    @property
    def places(self) -> list[Place]:
        """The places that its texts name."""
        places: list[Place] = self._fields["places"]
        return places

    @property
    def periods(self) -> list[Period]:
        """The dates that its texts state."""
        periods: list[Period] = self._fields["periods"]
        return periods

    @property
    def durations(self) -> list[Length]:
        """The lengths of time that its texts state."""
        durations: list[Length] = self._fields["durations"]
        return durations

    @property
    def ages(self) -> list[Age]:
        """The ages of its public."""
        ages: list[Age] = self._fields["ages"]
        return ages

    @property
    def quotes(self) -> list[Quote]:
        """What people are quoted with."""
        quotes: list[Quote] = self._fields["quotes"]
        return quotes

    @property
    def confidence(self) -> dict[str, float]:
        """How likely each value is right, from 0 to 1, by JSON Pointer."""
        confidence: dict[str, float] = self._fields["confidence"]
        return confidence

    def _text(self, key: str) -> str | None:
        text: str | None = self._fields[key]
        return text


class Mention(Record):
    """A laureate, as one document states it.

    >>> import palmares
    >>> mention = palmares.read("raw/laureats-agir-2022.pdf").mentions[3]
    >>> mention
    <Mention m-886ebe7e4a4b141e: MISSION LOCALE DU TRÉGOR>
    >>> mention["territory"] == mention.territory
    True
    >>> mention.evidence["/name"]
    [{'page': 2, 'bbox': [102.05, 413.98, 265.68, 425.62]}]
    """

    __slots__ = ()

    @property
    def position(self) -> int:
        """Its position among those of its document, from 1."""
        return int(self._fields["position"])

    @property
    def path(self) -> str:
        """The path of its document."""
        return str(self._fields["document"]["path"])

    @property
    def evidence(self) -> dict[str, list[Evidence]]:
        """Where each value stands in the document, by JSON Pointer."""
        evidence: dict[str, list[Evidence]] = self._fields["evidence"]
        return evidence


class Laureate(Record):
    """A laureate, with what all its mentions say of it."""

    __slots__ = ()

    @property
    def organisation(self) -> str:
        """The id of its organisation, which other laureates may share."""
        return str(self._fields["organisation"]["id"])

    @property
    def sources(self) -> list[SourceRef]:
        """The mentions that it was read from."""
        sources: list[SourceRef] = self._fields["sources"]
        return sources


class _Table:
    """Something with records of one kind, to be had as a table."""

    def _rows(self) -> tuple[str, Sequence[Record]]:
        """The schema of its records, and the records."""
        raise NotImplementedError

    def to_pandas(self) -> pandas.DataFrame:
        """A table with a row for each record. Needs pandas.

        What has parts becomes a column for each, as in `amount_value` and `document_path`; lists, and what is kept by JSON Pointer, stay what they are.

        >>> import palmares
        >>> palmares.read("raw/laureats-agir-2022.pdf").to_pandas()[["position", "name", "document_path"]].tail(1)
           position                      name               document_path
        7         8  FOYER DES TROIS RIVIÈRES  raw/laureats-agir-2022.pdf
        """
        return _tables.to_pandas(*self._rows())

    def to_arrow(self) -> pyarrow.Table:
        """A table with a row for each record; its types follow from the schema of the records, whatever these hold. Needs pyarrow.

        >>> import palmares
        >>> table = palmares.read("raw/laureats-agir-2022.pdf").to_arrow()
        >>> table.num_rows, str(table.schema.field("amount").type)
        (8, 'struct<currency: string, text: string, value: double>')
        """
        return _tables.to_arrow(*self._rows())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """What DuckDB, polars and pandas take tables from."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)


@dataclass(frozen=True)
class Document(_Table):
    """What one document says."""

    record: Mapping[str, Any]
    """What it says of itself, as `palmares schema document` describes: calls, key figures, glossary, what it announces."""
    mentions: list[Mention] = field(default_factory=list)
    """Its laureates, in its own order."""
    rejections: list[Message] = field(default_factory=list)
    """What was read and set aside, and why."""

    def __repr__(self) -> str:
        return f"<Document {self.path}: {len(self.mentions)} mentions>"

    @property
    def path(self) -> str:
        """Its path; `-` where its bytes were given."""
        return str(self.record["document"]["path"])

    @property
    def title(self) -> str | None:
        """Its title."""
        title: str | None = self.record["document"]["title"]
        return title

    @property
    def warnings(self) -> list[Remark]:
        """What is doubtful in it, or could not be read."""
        warnings: list[Remark] = self.record["warnings"]
        return warnings

    def _rows(self) -> tuple[str, Sequence[Record]]:
        return "mention", self.mentions


@dataclass(frozen=True)
class Run(_Table):
    """What a run over documents gave: its table is that of laureates."""

    laureates: list[Laureate]
    """Each laureate once."""
    documents: list[Document]
    """The documents, with their mentions."""
    links: list[dict[str, Any]]
    """The pairs of mentions considered, and why they are one laureate, or not."""
    rejects: list[dict[str, Any]]
    """The records that were set aside, with their reasons."""
    failures: list[DocumentError]
    """The documents that could not be read."""
    output: Path | None
    """The folder that was written."""

    def __repr__(self) -> str:
        return f"<Run: {len(self.documents)} documents, {len(self.laureates)} laureates>"

    def _rows(self) -> tuple[str, Sequence[Record]]:
        return "laureate", self.laureates


@dataclass(frozen=True)
class Linked(_Table):
    """What linking tables gave: its table is that of laureates."""

    laureates: list[Laureate]
    """Each laureate once, with the rows that it is made of as `sources`."""
    links: list[dict[str, Any]]
    """The pairs of rows considered, with their weights."""

    def __repr__(self) -> str:
        return f"<Linked: {len(self.laureates)} laureates>"

    def _rows(self) -> tuple[str, Sequence[Record]]:
        return "laureate", self.laureates


@dataclass(frozen=True)
class Taught:
    """What was learnt of a document."""

    profile: str
    """The profile, as TOML."""
    way: str
    """How entries are found."""
    entries: list[dict[str, str]]
    """The entries that it reads: `name`, `project` and `territory` of each, where it has them."""
    found: list[Shown]
    """Where the values stand that were shown."""
    left_over: list[str]
    """Lines between the first entry and the last that belong to none."""
    doubts: list[str]
    """What is to be looked at before the profile is used."""
    output: Path | None
    """The file that was written."""

    def __repr__(self) -> str:
        return f"<Taught: {len(self.entries)} entries>"
