"""The lines of README.md and docs/cookbook.md run on the samples, and what they say comes out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from palmares import _command

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def beside_the_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of one's own that holds the samples in raw/."""
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    monkeypatch.chdir(tmp_path)


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """The language and the text of each block of code."""
    yield from re.findall(r"^```(\w+)\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def live(page: str, languages: set[str], path: Path) -> None:
    """Runs the blocks of a page one after the other, as somebody does who follows it."""
    names: dict[str, Any] = {"__name__": page}
    called = path / "bin"
    called.mkdir()
    (called / "palmares").symlink_to(Path(_command.find_command()).resolve())
    for language, text in blocks(page):
        if language == "python" and language in languages:
            exec(compile(text, page, "exec"), names)
        elif language == "sh" and language in languages:
            environment = {**os.environ, "PATH": f"{called}{os.pathsep}{os.environ['PATH']}"}
            subprocess.run(["sh", "-e", "-c", text], env=environment, check=True)


@pytest.mark.usefixtures("beside_the_samples")
def test_the_lines_of_the_readme_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    live("README.md", {"python"}, tmp_path)
    assert "MISSION LOCALE DU TRÉGOR" in capsys.readouterr().out


@pytest.mark.usefixtures("beside_the_samples")
def test_the_recipes_run(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for package in ("pandas", "duckdb", "polars", "pyarrow"):
        pytest.importorskip(package)
    live("docs/cookbook.md", {"python", "sh"}, tmp_path)
    told = capfd.readouterr().out
    assert "Mission locale du Trégor [1, 2]" in told
    assert "raw/laureats-agir-2022.pdf · 8" in told
    for file in ("laureats.xlsx", "laureats.csv", "laureats.parquet", "laureats.db"):
        assert (tmp_path / file).stat().st_size > 0
