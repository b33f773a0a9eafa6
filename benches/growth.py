#!/usr/bin/env python3
"""How the cost of a document grows with its size: each is made with N and with 2 N of what it repeats, and twice the size may cost at most 2.3 times as much.

usage: benches/growth.py [--steps] [WORD...]    all documents, or those whose name has one of the words
--steps counts instructions (by valgrind, without which CPU seconds are taken) on the small documents below: the same on every machine, whatever else runs there.
Without it, CPU seconds are measured on those documents and on those of ../shared/robust/gen.py (PALMARES_SHARED names the shared folder): N doubles until a run takes
SECONDS, or the MEGABYTES that a document may take.
PALMARES names the program (by default target/release/palmares). Exits with 1 when a document costs more than it may, or kills the program.
"""
import concurrent.futures
import importlib.util
import math
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

MOST_GROWTH = 2.3
# A run this long is measured well enough; a shorter one than SHORTEST is mostly the start of the program.
SECONDS, SHORTEST = float(os.environ.get("GROWTH_SECONDS", "0.6")), 0.06
MEGABYTES = 512
# Of the shared documents: those whose usual N is higher are about a number or a ratio of compression, those whose usual N is lower about levels, not about size.
# N goes up to BEYOND times the usual one, or as far as a document is made in MAKING seconds.
LEAST, MOST, BEYOND, MAKING = 100, 100_000_000, 8, 5
# What a process may take, and how often a growth that looks too high is measured again.
MEMORY, TIMEOUT, REPEATS = 6 << 30, 60, 3

ROOT = pathlib.Path(__file__).resolve().parent.parent
PALMARES = str(pathlib.Path(os.environ.get("PALMARES", ROOT / "target/release/palmares")).resolve())
SHARED = pathlib.Path(os.environ.get("PALMARES_SHARED", ROOT / "../shared"))

TOP = "<!DOCTYPE html><meta charset=utf-8><title>t</title><h1>Les lauréats</h1>"


def numbered(count: int, line: str) -> str:
    """The line so many times, with a number for each %."""
    return "".join(line.replace("%", str(number)) for number in range(count))


def entries(field: str, value: str) -> str:
    """A page of eight entries, one of which has a long value."""
    return TOP + "".join(
        f"<h2>Association {name}</h2><p><b>Projet :</b> Le projet {name}</p><p><b>Territoire :</b> Brest</p><p><b>{field} :</b> {value if name == 'D' else 'Un projet.'}</p>"
        for name in "ABCDEFGH"
    )


def drawn(content: str, height: int = 842) -> bytes:
    """A PDF of one page with this content."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 {height}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    file, offsets = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (file + f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF\n").encode()


def column(count: int) -> bytes:
    """A PDF of one page with so many lines."""
    lines = "".join(f"1 0 0 1 50 {12 * (count - number)} Tm (Ligne numero {number} de la page) Tj\n" for number in range(count))
    return drawn(f"BT /F 10 Tf {lines}ET", 12 * count)


def ruled(count: int) -> bytes:
    """A PDF of one page with a ruled table of so many cells, as many rows as columns."""
    side = math.isqrt(count)
    width, height = 590 / side, 840 / side
    rules = "".join(f"0 {at * height:.2f} m 590 {at * height:.2f} l S {at * width:.2f} 0 m {at * width:.2f} 840 l S\n" for at in range(side + 1))
    words = "".join(
        f"1 0 0 1 {column * width + 0.3:.2f} {row * height + 0.3:.2f} Tm (a) Tj\n" for column in range(side) for row in range(side)
    )
    return drawn(f"{rules}BT /F 1 Tf {words}ET")


# A document of N, and an N that is read in some hundredths of a second, by name.
DOCUMENTS = {
    "rows": (lambda n: TOP + "<table><tr><th>Lauréat<th>Projet" + numbered(n, "<tr><td>Association %<td>Projet %") + "</table>", 1000),
    "columns without heads": (lambda n: TOP + "<table>" + ("<tr>" + numbered(n, "<td>c%")) * 5 + "</table>", 1000),
    "labels": (lambda n: "Les lauréats\n\n" + "Projet : x\n" * n, 1000),
    "text entries": (lambda n: numbered(n, "Association %\nProjet : p%\nTerritoire : Brest\n\n"), 500),
    "rows of bars": (lambda n: "# t\n\n|Lauréat|Projet|\n|-|-|\n" + numbered(n, "|Asso %|P %|\n"), 1000),
    "colons in a line": (lambda n: "Association A\nProjet : x\nDescription : " + ": " * n + "\n", 10_000),
    "addresses in a line": (lambda n: "Association A\nProjet : x\nDescription : " + "http://" * n + "\n", 2500),
    "figures without full stop": (lambda n: entries("Description", numbered(n, "% jeunes et ")), 1000),
    "unclosed containers": (lambda n: "# t\n\n" + "<table>\n\n<ul>\n\n<details>\n\n" * n + "x\n", 1000),
    "unended comments": (lambda n: "# t\n\n" + "<!-- x\n\n" * n, 3000),
    "partners with et": (lambda n: entries("Partenaires", "Ville" + " et" * n), 10_000),
    "partners without comma": (lambda n: entries("Partenaires", numbered(n, "Ville % et ")), 3000),
    "a column": (column, 2000),
    "cells of a drawn table": (ruled, 5000),
    "paragraphs of an entry": (lambda n: entries("Description", "<p>Une phrase de la description.</p>" * n), 2000),
    "sentences of an entry": (
        lambda n: entries("Description", numbered(n, "En partenariat avec la Ville d'Aix% et le collège Marat%, % jeunes ont été accompagnés. ")),
        2000,
    ),
    "bars in a line": (lambda n: "Association A\nProjet : x\nDescription : " + " | " * n + "\n", 10_000),
    "marks in a word": (lambda n: "# t\n\n" + "!a" * n + "\n", 12_000),
    "bold lines of a paragraph": (lambda n: TOP + "<p>" + numbered(n, "<b>Prix %</b><br>Association %<br>") + "</p>", 2000),
    "attributes": (lambda n: TOP + "<p " + numbered(n, "a%=1 ") + ">x</p>", 10_000),
    "contacts": (lambda n: entries("Contact", "<br>".join(f"a{number}@b.fr" for number in range(n))), 500),
    "links": (lambda n: entries("Lien", "<br>".join(f"https://b.fr/{number}" for number in range(n))), 500),
}


def own() -> dict:
    """The documents above, as bytes."""

    def encoded(make):
        return lambda n: document if isinstance(document := make(n), bytes) else document.encode()

    return {name: (encoded(make), usual) for name, (make, usual) in DOCUMENTS.items()}


def shared() -> dict:
    """What gen.py knows."""
    spec = importlib.util.spec_from_file_location("gen", SHARED / "robust/gen.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    return {name: case for name, case in generator.C.items() if LEAST <= case[1] <= MOST}


def limited() -> None:
    """In the child: as little memory and time as a document may have here."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT, TIMEOUT))


def read(document: bytes, times: int = 1) -> tuple[float, int, int]:
    """CPU seconds of reading a document (the least of some), peak megabytes and the exit code."""
    found = []
    for _ in range(times):
        with tempfile.NamedTemporaryFile() as file:
            file.write(document)
            file.flush()
            process = subprocess.Popen(
                [PALMARES, "extract", "-q", "--no-config", file.name],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=limited,
            )
            _, status, usage = os.wait4(process.pid, 0)
        found.append((usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, os.waitstatus_to_exitcode(status)))
    return min(found)


def instructions(document: bytes) -> int:
    """Instructions of reading a document, of the program and of the worker that reads it."""
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        (here / "document").write_bytes(document)
        # Counting takes time and memory of its own.
        (here / "palmares.toml").write_text("[limits]\nseconds = 600\nmegabytes = 6000\n")
        run = subprocess.run(
            ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", "--trace-children=yes", "--log-file=%p.log"]
            + [PALMARES, "extract", "-q", "-j", "1", "document"],
            cwd=here,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        logs = [log.read_text() for log in here.glob("*.log")]
    counts = [re.search(r"I\s+refs:\s+([\d,]+)", log) for log in logs]
    if run.returncode < 0 or len(counts) < 2 or not all(counts):
        sys.exit("\n".join([run.stderr, *logs, "the program and its worker say both how many instructions they took, or nothing is known"]))
    return sum(int(count[1].replace(",", "")) for count in counts)


def print_row(name: str, n: int, once: str, twice: str, ratio: str, remark: str) -> None:
    print(f"{name:26} {n:10} {once:>9} {twice:>9} {ratio:>6} {remark}", flush=True)


def steps(chosen: dict) -> int:
    """The table of instructions; how many documents cost more than they may."""
    print_row("document", "N", "M of N", "M of 2N", "ratio", "")
    sizes = [(make, size) for make, n in chosen.values() for size in (n, 2 * n)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        start = threads.submit(instructions, b"x\n")
        counts = threads.map(lambda size: instructions(size[0](size[1])), sizes)
        start, counts = start.result(), list(counts)
    worse = 0
    for (name, (_, n)), once, twice in zip(chosen.items(), counts[::2], counts[1::2]):
        once, twice = once - start, twice - start
        is_worse = twice > MOST_GROWTH * once
        worse += is_worse
        print_row(name, n, f"{once / 1e6:.1f}", f"{twice / 1e6:.1f}", f"{twice / once:.2f}", "GROWS" if is_worse else "")
    return worse


def growth(make, n: int, most: int) -> tuple[int, float, float, int, int]:
    """N, the seconds of N and 2 N, the megabytes of 2 N, and the worse exit code."""
    seconds, _, code = read(make(n))
    while True:
        start = time.monotonic()
        document = make(2 * n)
        making = time.monotonic() - start
        twice, megabytes, code_twice = read(document)
        if min(code, code_twice) < 0 or twice >= SECONDS or megabytes >= MEGABYTES or making >= MAKING or n >= most:
            break
        n, seconds, code = 2 * n, twice, code_twice
    if seconds >= SHORTEST and twice > MOST_GROWTH * seconds and min(code, code_twice) >= 0:
        seconds, _, code = read(make(n), REPEATS)
        twice, megabytes, code_twice = read(document, REPEATS)
    return n, seconds, twice, megabytes, min(code, code_twice)


def times(chosen: dict) -> int:
    """The table of seconds; how many documents cost more than they may."""
    print_row("document", "N", "s of N", "s of 2N", "ratio", "MB")
    worse = 0
    for name, (make, first, most) in chosen.items():
        n, seconds, twice, megabytes, code = growth(make, first, most)
        is_worse = code < 0 or twice > MOST_GROWTH * max(seconds, SHORTEST)
        worse += is_worse
        ratio = f"{twice / seconds:.2f}" if seconds >= SHORTEST else "-"
        remark = f"{megabytes} killed by signal {-code}" if code < 0 else f"{megabytes} GROWS" if is_worse else str(megabytes)
        print_row(name, n, f"{seconds:.2f}", f"{twice:.2f}", ratio, remark)
    return worse


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("-")]

    def chosen(documents: dict) -> dict:
        return {name: case for name, case in documents.items() if not words or any(word in name for word in words)}

    if "--steps" in sys.argv and shutil.which("valgrind"):
        worse = steps(chosen(own()))
    else:
        documents = {name: (make, n, n << 10) for name, (make, n) in chosen(own()).items()}
        if "--steps" in sys.argv:
            print("valgrind is not there: CPU seconds are measured instead of instructions")
        else:
            documents |= {name: (make, max(usual // 64, 1), BEYOND * usual) for name, (make, usual) in chosen(shared()).items()}
        worse = times(documents)
    print(f"{worse} documents cost more than {MOST_GROWTH} times as much for twice the size, or kill the program")
    sys.exit(worse > 0)


if __name__ == "__main__":
    main()
