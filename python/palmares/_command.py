"""The command as a process: where it is, how it is asked, how its answer is read.

Nothing here knows what the records say.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, TypedDict

from palmares._errors import Message, PalmaresError, UsageError

Source: TypeAlias = "str | os.PathLike[str] | bytes | IO[bytes]"
"""A document: its path, its bytes, or a file opened for reading bytes."""

Record: TypeAlias = "dict[str, Any]"
"""A line of JSON that the command prints."""

Expect: TypeAlias = Literal["laureates", "unknown"]
Ocr: TypeAlias = Literal["auto", "always", "never"]

CLEAN, FINDINGS = 0, 1
"""Exit codes of a command that ran; any other means that it did not."""


class ReadingOptions(TypedDict, total=False):
    """How documents are read: the options of the command of the same names."""

    expect: Expect
    """`laureates` takes the best reading of each document; `unknown` only what convinces."""
    min_confidence: float
    """Mentions less sure than this, from 0 to 1, are rejected."""
    ocr: Ocr
    """Which pages `tesseract` reads from their picture."""
    profiles: Sequence[str | os.PathLike[str]]
    """Files of profiles to read by, before any other."""
    config: str | os.PathLike[str] | Literal[False]
    """A configuration file; `False` reads none. By default palmares.toml here or in a folder above."""
    jobs: int
    """Number of threads."""


def reading_arguments(options: ReadingOptions) -> list[str]:
    """The options as the command takes them."""
    arguments = []
    for name in ("expect", "min_confidence", "ocr", "jobs"):
        if options.get(name) is not None:
            arguments.append(f"--{name.replace('_', '-')}={options[name]}")
    arguments += [f"--profile={os.fspath(profile)}" for profile in options.get("profiles", ())]
    config = options.get("config")
    if config is False:
        arguments.append("--no-config")
    elif config is not None:
        arguments.append(f"--config={os.fspath(config)}")
    unknown = sorted(options.keys() - ReadingOptions.__annotations__.keys())
    if unknown:
        raise TypeError(f"there is no option `{unknown[0]}`; there are {', '.join(ReadingOptions.__annotations__)}")
    return arguments


def find_command() -> str:
    """The command that was installed with this package; `PALMARES` in the environment names another, and the path is looked through last."""
    named = os.environ.get("PALMARES")
    if named:
        return named
    name = "palmares" + (sysconfig.get_config_var("EXE") or "")
    schemes = [None, sysconfig.get_preferred_scheme("user")]
    for scheme in schemes:
        folder = sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        if folder and os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    # Where packages are installed with `--target`, the commands are in a folder beside them.
    beside = Path(__file__).resolve().parent.parent / "bin" / name
    if os.access(beside, os.X_OK):
        return str(beside)
    found = shutil.which("palmares")
    if found:
        return found
    raise UsageError(
        Message("error", "the command `palmares` is not installed", f"install it with `{sys.executable} -m pip install palmares`, or name it in the environment variable `PALMARES`")
    )


def ask(subcommand: str, *arguments: str, given: bytes | None = None) -> tuple[bytes, list[Message], int]:
    """Runs the command to its end: what it printed, what it said, its exit code. Raises where it did not run."""
    command = _command(subcommand, arguments)
    try:
        done = subprocess.run(command, input=given, stdin=subprocess.DEVNULL if given is None else None, capture_output=True, check=False)
    except OSError as error:
        raise _not_started(error, command) from error
    messages = list(_messages(done.stderr.splitlines()))
    ensure_ran(done.returncode, messages)
    return done.stdout, messages, done.returncode


def stream(subcommand: str, *arguments: str) -> Iterator[Record | Message]:
    """Runs the command, and yields its records as it prints them, each after what was said before it was printed.

    The process waits where nobody asks for more, and is ended where the iterator is given up.
    """
    command = _command(subcommand, arguments)
    with tempfile.TemporaryDirectory(prefix="palmares-") as folder:
        # A file, not a pipe: what was said before a record was printed is there when the record is read, and the command never waits to say it.
        said = Path(folder, "said")
        with said.open("wb") as errors, said.open("rb") as heard:
            try:
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
            except OSError as error:
                raise _not_started(error, command) from error
            with process:
                try:
                    for line in process.stdout or ():
                        yield from _messages(_whole_lines(heard))
                        yield json.loads(line)
                except BaseException:
                    process.kill()
                    raise
            last = list(_messages(heard))
            yield from last
            ensure_ran(process.returncode, last)


def ensure_ran(code: int, messages: Iterable[Message]) -> None:
    """Raises what the command said where it did not run."""
    if code in (CLEAN, FINDINGS):
        return
    errors = [message for message in messages if message.kind == "error"]
    if errors:
        raise UsageError(errors[-1])
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    raise PalmaresError(Message("error", f"the command was ended {how}"))


def _command(subcommand: str, arguments: Sequence[str]) -> list[str]:
    return [find_command(), subcommand, "--format=json", "--no-progress", *arguments]


def _not_started(error: OSError, command: Sequence[str]) -> UsageError:
    if error.errno == errno.E2BIG:
        return UsageError(Message("error", f"{len(command)} arguments are more than the system takes", "name folders or globs instead of their files"))
    return UsageError(Message("error", f"`{command[0]}` cannot be run: {error.strerror}", "is it the command `palmares` of this system?"))


def _whole_lines(heard: IO[bytes]) -> Iterator[bytes]:
    """The lines that have come since, but for one of which the end is still to come."""
    while line := heard.readline():
        if not line.endswith(b"\n"):
            heard.seek(-len(line), os.SEEK_CUR)
            return
        yield line


def _messages(lines: Iterable[bytes]) -> Iterator[Message]:
    for line in lines:
        try:
            said = json.loads(line)
            yield Message(said["kind"], said["message"], said["hint"], said["path"], said["place"])
        except (ValueError, KeyError, TypeError):
            # Not the command itself: the system, or a program that it runs.
            yield Message("note", line.decode(errors="replace").rstrip())
