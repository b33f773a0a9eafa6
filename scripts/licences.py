#!/usr/bin/env python3
"""The licences of all that the command is built of, with their texts: `scripts/licences.py > THIRD-PARTY-LICENCES.txt`.

Whoever ships a binary has to ship these. Texts that several crates share are printed once.
"""

import json
import subprocess
import sys
from pathlib import Path

NAMES = ("LICEN", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")


def main() -> None:
    """Prints a list of crates, then the texts with the crates that each is of."""
    host = next(line.removeprefix("host: ") for line in output("rustc", "-vV").splitlines() if line.startswith("host: "))
    metadata = json.loads(output("cargo", "metadata", "--format-version=1", "--locked", "--filter-platform", host))
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = next(package["id"] for package in metadata["packages"] if package["name"] == "palmares")
    shipped = sorted((packages[one] for one in reached(root, nodes) - {root}), key=lambda package: (package["name"], package["version"]))
    texts: dict[str, list[str]] = {}
    print(f"Palmarès {packages[root]['version']} contains {len(shipped)} packages of others.\n")
    for package in shipped:
        title = f"{package['name']} {package['version']}"
        found = list(licence_texts(Path(package["manifest_path"]).parent))
        authors = f", by {', '.join(package['authors'])}" if package["authors"] else ""
        print(f"{title}: {package['license'] or 'see its text below'}{authors}{'' if found else ' (comes without the text)'}")
        for text in found:
            texts.setdefault(text, []).append(title)
    for text, titles in texts.items():
        print(f"\n{'=' * 80}\n{', '.join(titles)}\n{'-' * 80}\n{text}")


def reached(root: str, nodes: dict[str, dict]) -> set[str]:
    """The packages that are linked into a package: neither those of its tests, nor those that only build it."""
    seen, todo = {root}, [root]
    while todo:
        for dependency in nodes[todo.pop()]["deps"]:
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_linked and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                todo.append(dependency["pkg"])
    return seen


def licence_texts(folder: Path):
    """The texts that a package comes with, by the names of their files."""
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name.upper().startswith(NAMES):
            yield "\n".join(line.rstrip() for line in file.read_text(encoding="utf-8", errors="replace").strip().splitlines())


def output(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
