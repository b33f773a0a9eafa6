"""What the repository brings for pipelines: annotations on the lines of fixtures, and the release that the library is compared with."""

from __future__ import annotations

import os
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


class Releases:
    """A repository with the script that compares the library with the last release, and a cargo that says how it was called."""

    def __init__(self, folder: Path, broken: int = 0) -> None:
        self.folder = folder
        (folder / "scripts").mkdir(parents=True)
        (folder / "bin").mkdir()
        shutil.copy(ROOT / "scripts/semver.sh", folder / "scripts")
        cargo = folder / "bin/cargo"
        cargo.write_text(f'#!/bin/sh\n[ "$2" = --version ] || {{ echo "cargo $*"; exit {broken}; }}\n')
        cargo.chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            self.environment.pop(variable, None)
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
        return subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True).stdout.strip()

    def commit(self, changes: str) -> str:
        """The commit that gives CHANGELOG.md this text."""
        (self.folder / "CHANGELOG.md").write_text(changes)
        self.git("add", "CHANGELOG.md")
        self.git("commit", "--quiet", "--allow-empty", "--message=A change")
        return self.git("rev-parse", "HEAD")

    def compare(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.folder / "scripts/semver.sh"), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def last(self) -> str:
        return self.compare("--baseline").stdout.strip()


UNRELEASED = "# Changelog\n\n## Unreleased\n\n- A thing.\n"
FIRST = "# Changelog\n\n## 0.1.0, 2030-01-01\n\n- A thing.\n"
SINCE = FIRST.replace("## 0.1.0", "## Unreleased\n\n- Another.\n\n## 0.1.0")
SECOND = SINCE.replace("## Unreleased", "## 0.2.0")


def test_the_last_release_is_the_one_before_a_commit(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "work")
    releases.commit(UNRELEASED)
    releases.commit(UNRELEASED)
    assert releases.last() == ""
    first = releases.commit(FIRST)
    assert releases.last() == ""  # the first release has none before it
    releases.commit(SINCE)
    assert releases.last() == first
    releases.commit(SINCE.replace("2030-01-01", "2030-01-02"))
    assert releases.last() == first
    second = releases.commit(SECOND)
    assert releases.last() == first
    releases.commit(SECOND)
    assert releases.last() == second


def test_a_tag_says_where_the_last_release_is(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "work")
    releases.commit(UNRELEASED)
    releases.commit(FIRST)
    releases.commit(FIRST)
    releases.git("tag", "v0.1.0")
    releases.git("tag", "viewed")
    releases.commit(SINCE)
    assert releases.last() == "v0.1.0"
    compared = releases.compare()
    assert (compared.returncode, compared.stdout) == (
        0,
        "compared with v0.1.0\ncargo semver-checks --package palmares --default-features --baseline-rev v0.1.0\n",
    )
    assert "--baseline-rev HEAD~2\n" in releases.compare("HEAD~2").stdout


def test_before_the_first_release_nothing_was_promised(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "work", broken=100)
    releases.commit(UNRELEASED)
    releases.commit(UNRELEASED)
    compared = releases.compare()
    assert (compared.returncode, compared.stdout) == (0, "no release before this commit: nothing was promised yet\n")


def test_what_is_broken_is_told_from_what_cannot_be_compared(tmp_path: Path) -> None:
    for status, told in ((100, 1), (101, 2)):
        releases = Releases(tmp_path / str(status), broken=status)
        releases.commit(FIRST)
        releases.commit(SINCE)
        assert releases.compare().returncode == told


def test_a_shallow_clone_does_not_pass_for_one_without_releases(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "work")
    releases.commit(FIRST)
    releases.commit(SINCE)
    releases.git("clone", "--quiet", "--depth=1", releases.folder.as_uri(), str(tmp_path / "shallow"))
    releases.folder = tmp_path / "shallow"
    (releases.folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/semver.sh", releases.folder / "scripts")
    compared = releases.compare()
    assert (compared.returncode, compared.stdout) == (2, "")
    assert "git fetch --unshallow --tags" in compared.stderr
