"""Laureates of calls for projects, read from PDF, HTML and Office documents, each value with its place.

The package runs the command `palmares`, which is installed with it, and reads what it prints: what the command reads and says is what you get.

>>> import palmares
>>> document = palmares.read("raw/laureats-agir-2022.pdf")
>>> document.title
'LAURÉATS DES APPELS À PROJETS DU FONDS AGIR POUR LES COMPÉTENCES'
>>> mention = document.mentions[3]
>>> mention.name, mention.evidence["/name"][0]["page"], mention.confidence["/name"] > 0.9
('MISSION LOCALE DU TRÉGOR', 2, True)

`read_all` reads many documents in one process, `run` also brings together what several documents say of one laureate, `link` does
so for tables, `explain` tells how a document was read, and `teach` learns from one laureate shown how all of them are.
"""

from palmares._command import Expect, Ocr, ReadingOptions, Source
from palmares._errors import DocumentError, Message, PalmaresError, UsageError
from palmares._functions import explain, link, read, read_all, run, teach
from palmares._records import (
    Age,
    Amount,
    Document,
    Evidence,
    Laureate,
    Length,
    Linked,
    Mention,
    Period,
    Place,
    Quote,
    Remark,
    Run,
    Shown,
    SourceRef,
    Taught,
)

__all__ = [
    "Age",
    "Amount",
    "Document",
    "DocumentError",
    "Evidence",
    "Expect",
    "Laureate",
    "Length",
    "Linked",
    "Mention",
    "Message",
    "Ocr",
    "PalmaresError",
    "Period",
    "Place",
    "Quote",
    "ReadingOptions",
    "Remark",
    "Run",
    "Shown",
    "Source",
    "SourceRef",
    "Taught",
    "UsageError",
    "explain",
    "link",
    "read",
    "read_all",
    "run",
    "teach",
]
