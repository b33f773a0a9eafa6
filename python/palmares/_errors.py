"""What the command says on standard error, and the exceptions that carry it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One message of the command, always in English."""

    kind: str
    """`error`, `warning`, `rejected` or `note`."""
    message: str
    hint: str | None = None
    """What can be done about it."""
    path: str | None = None
    """The document that it is about."""
    place: str | None = None
    """Where in the document, as in `page 3`."""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.path, self.place) if part)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text}\nhint: {self.hint}" if self.hint else text


class PalmaresError(Exception):
    """Something that the command could not do, in its own words.

    >>> import palmares
    >>> try:
    ...     palmares.read("absent.pdf")
    ... except palmares.PalmaresError as error:
    ...     print(error.message)
    no document found at `absent.pdf`
    """

    def __init__(self, told: Message) -> None:
        super().__init__(told)
        self.told = told

    def __str__(self) -> str:
        return str(self.told)

    @property
    def message(self) -> str:
        """What is wrong, without its place and the advice."""
        return self.told.message

    @property
    def hint(self) -> str | None:
        """What can be done about it."""
        return self.told.hint

    @property
    def path(self) -> str | None:
        """The document that it is about."""
        return self.told.path


class DocumentError(PalmaresError):
    """A document of which nothing could be read."""


class UsageError(PalmaresError):
    """Arguments or a configuration that the command does not take, or no document where one was named."""
