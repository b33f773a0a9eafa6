"""What the repository brings for other people's pipelines: annotations on the lines of fixtures, and the files that name the commands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from palmares import _command

ROOT = Path(__file__).resolve().parents[2]


def annotated(folder: Path) -> subprocess.CompletedProcess[str]:
    """The fixtures of a folder, as the action runs them."""
    command = [sys.executable, str(ROOT / "scripts/annotate.py"), _command.find_command(), "--no-config", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_difference_is_on_its_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures/tableau-pdf", tmp_path / "tableau")
    clean = annotated(tmp_path)
    assert (clean.returncode, clean.stdout) == (0, "")
    expected = tmp_path / "tableau/expected.json"
    lines = expected.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if '"territory": "Gap et vallée du Champsaur"' in line)
    lines[number - 1] = lines[number - 1].replace("Gap et vallée", "Gap, 5 % de la vallée")
    expected.write_text("\n".join(lines), encoding="utf-8")
    differing = annotated(tmp_path)
    assert differing.returncode == 1
    assert differing.stdout == (
        f"::error file={expected},line={number},title=tableau%3A territory::CCAS de Gap%0A"
        "expected: Gap, 5 %25 de la vallée du Champsaur%0Afound: Gap et vallée du Champsaur\n"
    )


def test_a_fixture_that_cannot_be_read_fails(tmp_path: Path) -> None:
    assert annotated(tmp_path / "absent").returncode == 2
