"""What is installed elsewhere: the wheel works without the checkout, and one call reads one text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, write_files

import transforms
from transforms.parse import Unreadable

TEXT = "Fighting\n\nThe SDF captured Hajin on Friday and killed 12 ISIS fighters, the army said.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but what the wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            "--target",
            str(site),
            str(wheel),
        ],
        folder,
    )
    return site


def run(command: list[str], where: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=where, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_runs(site: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": TEXT})
    elsewhere = {"PYTHONPATH": str(site)}
    warwire = [sys.executable, "-m", "flows.cli"]
    run([*warwire, "run", "a.txt", "--warehouse", "w", "--inline", "--workers", "1"], tmp_path, **elsewhere)
    counted = run(
        [
            *warwire,
            "sql",
            "select name, mentions from mentions_per_town",
            "--format",
            "csv",
            "--warehouse",
            "w",
        ],
        tmp_path,
        **elsewhere,
    )
    assert counted.splitlines() == ["name,mentions", "Hajin,1"]
    run([*warwire, "report", "--warehouse", "w"], tmp_path, **elsewhere)


def test_the_wheel_reads(site: Path, tmp_path: Path) -> None:
    asked = "import transforms; print(transforms.__file__); print([m['entity_id'] for m in transforms.read('The SDF captured Hajin.')['mentions']])"
    where, found = run([sys.executable, "-c", asked], tmp_path, PYTHONPATH=str(site)).splitlines()
    assert Path(where).is_relative_to(site)
    assert found == "['syrian_democratic_forces', 'hajin']"


def test_read_gives_rows_with_their_offsets() -> None:
    found = transforms.read(TEXT, "2018-12-16")
    (article,) = found["articles"]
    assert str(article["published_on"]) == "2018-12-16"
    for mention in found["mentions"]:
        assert article["text"][mention["start_char"] : mention["end_char"]] == mention["surface"]
    assert [str(e["date_start"]) for e in found["events"] if e["event_type"] == "territory_gained"] == [
        "2018-12-14"
    ]


def test_read_leaves_furniture_out() -> None:
    found = transforms.read(f"{TEXT}\nShare this article\n")
    assert {m["entity_id"] for m in found["mentions"]} == {
        "syrian_democratic_forces",
        "hajin",
        "islamic_state",
    }
    assert [p["drop_reason"] for p in found["paragraphs"]] == [None, None, "furniture"]


def test_read_says_why_it_cannot() -> None:
    with pytest.raises(Unreadable, match="empty"):
        transforms.read("  \n")
