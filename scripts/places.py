#!/usr/bin/env python3
"""Rebuild data/places.txt: the names of France's communes and départements, folded and sorted, one a line.

Source: INSEE's Code officiel géographique as the npm package @etalab/decoupage-administratif repackages it (code MIT, data Licence Ouverte 2.0).

    npm pack @etalab/decoupage-administratif && tar xzf etalab-*.tgz
    scripts/places.py package/data > data/places.txt
"""
import json
import pathlib
import sys
import unicodedata


def fold(name: str) -> str:
    """As `profile::fold` does, with hyphens as spaces."""
    name = unicodedata.normalize("NFD", name.lower())
    name = "".join(c for c in name if not unicodedata.combining(c))
    for mark in "’‘":
        name = name.replace(mark, "'")
    return " ".join(name.replace("œ", "oe").replace("æ", "ae").replace("-", " ").split())


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    names = {
        fold(place["nom"])
        for kind in ("communes", "departements")
        for place in json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
    }
    print("\n".join(sorted(names, key=lambda name: name.encode())))


if __name__ == "__main__":
    main()
