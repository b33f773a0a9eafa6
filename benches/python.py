#!/usr/bin/env python3
"""What Python costs beside the command: DOCUMENTS small documents of six laureates each, read by `palmares extract --documents` into a file and by `palmares.read_all`, in
turn, ROUNDS times; the middle one of the rounds' ratios counts, for what else runs on a machine falls on both of a round, and where it is over MOST, as many rounds again count with it, up to TRIES
times. Then the memory of this process and of those that it starts, at a tenth of the documents and at nine tenths.

usage: benches/python.py [DOCUMENTS]    by default 1000
PALMARES names the program (by default target/release/palmares). Needs /proc. Exits with 1 where Python takes over 10 % more processor time, or memory grows by over 10 %.
"""
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from math import inf
from pathlib import Path
from statistics import median

ROUNDS, TRIES = 5, 4
MOST = 1.1

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("PALMARES", str(ROOT / "target/release/palmares"))
sys.path.insert(0, str(ROOT / "python"))

import palmares  # noqa: E402
from palmares import _command  # noqa: E402

NAMES = ["Semeurs", "Glaneurs", "Jardiniers", "Forgerons", "Tisserands", "Luthiers"]


def make(folder: Path, documents: int) -> None:
    for document in range(documents):
        entries = [
            f"{number}. Les {name} {document}\nProjet : Un atelier de {name.lower()}\nTerritoire : Lannion\n"
            for number, name in enumerate(NAMES, 1)
        ]
        (folder / f"{document:05}.txt").write_text("\n".join([f"Palmarès, feuille {document}\n", *entries]), encoding="utf-8")


def took(do: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time, of this process and of those that it starts, and seconds on the clock."""
    before = os.times()
    do()
    after = os.times()
    return sum(after[:4]) - sum(before[:4]), after.elapsed - before.elapsed


def by_the_command(folder: Path) -> None:
    command = [_command.find_command(), "extract", "--format=json", "--no-progress", "--documents", "--no-config", "--", str(folder)]
    with tempfile.TemporaryFile() as printed:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.DEVNULL, check=True)


def by_python(folder: Path, documents: int) -> None:
    found = sum(len(document.mentions) for document in palmares.read_all(folder, config=False))
    assert found == documents * len(NAMES), f"{found} laureates were found"


def megabytes(process: int) -> float:
    """The memory of a process and of all that it has started."""
    status = Path(f"/proc/{process}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return own + sum(megabytes(int(child)) for child in children)


def memory(folder: Path, documents: int) -> tuple[float, float]:
    """At a tenth of the documents, and at nine tenths."""
    at: list[float] = []
    for number, _ in enumerate(palmares.read_all(folder, config=False, jobs=1), 1):
        # The command is some documents ahead, and has ended before the last is taken.
        if number in (documents // 10, documents * 9 // 10):
            at.append(megabytes(os.getpid()))
    return at[0], at[1]


def main() -> int:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make(folder, documents)
        rounds: list[tuple[tuple[float, float], tuple[float, float]]] = []
        processor, clock = inf, inf
        while processor > MOST and len(rounds) < ROUNDS * TRIES:
            rounds += [(took(lambda: by_the_command(folder)), took(lambda: by_python(folder, documents))) for _ in range(ROUNDS)]
            processor, clock = (median(python[at] / command[at] for command, python in rounds) for at in (0, 1))
        early, late = memory(folder, documents)
    command, python = (median(times[0] for times in of_one) for of_one in zip(*rounds))
    print(f"{documents} documents: processor time of the command {command:.2f} s, through Python {python:.2f} s, ratio {processor:.2f} (at most {MOST}), on the clock {clock:.2f}")
    print(f"memory {early:.0f} MB at a tenth, {late:.0f} MB at nine tenths, ratio {late / early:.2f} (at most {MOST})")
    return int(processor > MOST or late > MOST * early)


if __name__ == "__main__":
    sys.exit(main())
