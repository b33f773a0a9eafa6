#!/usr/bin/env python3
"""Runs `palmares test`, and says of each difference on which line of `expected.json` it stands, as a workflow command of GitHub.

Usage: scripts/annotate.py COMMAND [ARGUMENT…], where the command is `palmares`, and the arguments are those of `palmares test`.
"""

import json
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Annotates; the exit code is that of the command."""
    command, *arguments = sys.argv[1:]
    done = subprocess.run([command, "test", "--format=json", "--no-progress", *arguments], stdout=subprocess.PIPE, check=False)
    for fixture in json.loads(done.stdout or "[]"):
        expected = Path(fixture["input"]).with_name("expected.json")
        for result in fixture["results"]:
            for difference in result["differences"]:
                print(annotation(expected, fixture["fixture"], result["field"], difference))
    return done.returncode


def annotation(expected: Path, fixture: str, field: str, difference: dict) -> str:
    """One difference, on the line of the value that it is about."""
    told = f"{difference.get('title') or field}\nexpected: {shown(difference.get('expected'))}\nfound: {shown(difference.get('found'))}"
    place = f"file={escaped(str(expected))},line={line_of(expected, field, difference)},title={escaped(f'{fixture}: {field}')}"
    return f"::error {place}::{escaped(told, is_property=False)}"


def line_of(expected: Path, field: str, difference: dict) -> int:
    """The line of the field in the record, which is found by its title; that of the record where it lacks the field; the first where there is none."""
    lines = expected.read_text(encoding="utf-8").splitlines() if expected.is_file() else []
    title = json.dumps(difference.get("title"), ensure_ascii=False)
    start = next((number for number, line in enumerate(lines) if title in line), 0)
    # The field may stand before the title in its record, which begins at the nearest brace above.
    while start > 0 and not lines[start].strip().startswith("{"):
        start -= 1
    value = json.dumps(difference.get("expected"), ensure_ascii=False)
    after = range(start, len(lines))
    exact = (number for number in after if f'"{field}"' in lines[number] and value in lines[number])
    named = (number for number in after if f'"{field}"' in lines[number])
    return next(exact, next(named, start)) + 1


def shown(value: object) -> str:
    """A value as people read it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def escaped(text: str, *, is_property: bool = True) -> str:
    """A text as a workflow command takes it."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if is_property else text


if __name__ == "__main__":
    sys.exit(main())
