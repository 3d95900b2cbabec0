"""What a text can cost: no pattern's work grows faster than the text, and no document of a megabyte takes ten seconds."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from conftest import ROOT
from pumps import ENDS, GENERIC, MOST_GROWTH, growth, patterns, pumps, uses

from transforms.furniture import Rules
from transforms.header import LONGEST_FURNITURE
from warehouse.seeds import read_seeds, seed_folders

LENGTH = 2048  # characters of a pumped text, where nothing bounds what a pattern is given
GUARDS = {
    "transforms.extract.attributions.LEAD": "transforms.extract.attributions.LONGEST",
    "transforms.extract.attributions.TRAILING": "transforms.extract.attributions.LONGEST_TRAIL",
    "transforms.extract.defined.LONG": "transforms.extract.defined.REACH",
    "transforms.lexicon.OUTLET_TAIL": "transforms.lexicon.LONGEST_OUTLET",
    "transforms.sentences.LAST_WORD": "transforms.sentences.LONGEST_ABBREVIATION",
}
"""What a pattern is given at the most where its own work is no straight line: the constant that says so, in characters."""
PATTERNS = patterns()
USES = uses()


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 180
    assert {"transforms.clean.MARKDOWN", "transforms.times.PATTERNS[0][1]", "transforms.extract.events.INSTRUMENTS[0][1]"} <= set(PATTERNS)
    assert set(GUARDS) <= set(PATTERNS)


def _use(name: str, pattern: re.Pattern[Any]) -> Callable[[str], object]:
    """A pattern as the code uses it: from the start of a text, over all of it, or anywhere in it."""
    methods = USES.get(re.sub(r"\[.*", "", name).rsplit(".", 1)[-1], {"search"})
    is_bytes = isinstance(pattern.pattern, bytes)

    def use(text: str) -> object:
        given: Any = text.encode("latin-1", "replace") if is_bytes else text
        for method in methods:
            if method in ("match", "fullmatch"):
                getattr(pattern, method)(given)
            else:
                for _ in pattern.finditer(given):
                    pass
        return None

    return use


def _guard(name: str) -> int:
    if name not in GUARDS:
        return LENGTH
    module, constant = GUARDS[name].rsplit(".", 1)
    return int(getattr(importlib.import_module(module), constant))


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_patterns_work_grows_as_its_text_does(name: str) -> None:
    pattern, length = PATTERNS[name], _guard(name)
    use = _use(name, pattern)
    for lead, unit in pumps(pattern):
        for end in ENDS if unit not in GENERIC else ENDS[:2]:
            assert growth(use, lead, unit, end, length) <= MOST_GROWTH, (lead, unit, end)


@pytest.mark.parametrize("table", ["furniture", "outlet_fingerprints"])
def test_the_work_of_a_pattern_of_the_seeds_grows_as_its_text_does(table: str) -> None:
    column = {"furniture": "pattern", "outlet_fingerprints": "value"}[table]
    for row in read_seeds(seed_folders())[table]:
        rules = Rules(table, [row[column]], any_case=table == "furniture")
        for lead, unit in pumps(re.compile(row[column])):
            for end in ("", "é!"):
                assert growth(lambda text: list(rules.fitting(text)), lead, unit, end, LONGEST_FURNITURE) <= MOST_GROWTH, (row, unit)  # noqa: B023


# ------------------------------------------------------------------ whole documents
ALL = "WARWIRE_ALL_COSTS"
"""Set in the environment, it has every document of benchmarks/hostile.py read, a megabyte of each."""
FEW = ("an an an.txt", "repeatedly.txt", "reported.txt", "numeric dates.txt", "definitions.txt", "brackets.txt", "numbers.txt", "backquotes.txt",
       "short quotes.txt", "killed.txt", "attacks.txt", "forces.txt", "names.txt", "short lines.txt", "spaces.txt", "brackets.md", "links.md",
       "attributes.html", "blocks.html", "angles.html", "sites in the title.html", "host.html", "dates in the head.html", "header.mht")  # fmt: skip
SIZE, SECONDS = (1_000_000, 10) if ALL in os.environ else (300_000, 3)


def test_no_document_takes_ten_seconds_a_megabyte() -> None:
    """The limit finds what hangs: most take a tenth of it. Where one is stopped, its row says so and has no time."""
    names = [] if ALL in os.environ else list(FEW)
    command = [sys.executable, "-m", "benchmarks.hostile", *names, "--size", str(SIZE), "--limit", str(SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert len(rows) >= len(FEW)
    assert {name: row["failed"] for name, row in rows.items() if row["seconds"] is None or row["failed"]} == {}
    refused = {name: row["rejects"] for name, row in rows.items() if row["rejects"]}
    assert set(map(str, refused.values())) <= {"{'too_many': 1}"}


def test_broken_input_is_read_or_refused() -> None:
    """The first inputs of `make fuzz`, the same ones each time."""
    command = [sys.executable, "-m", "benchmarks.robust", "--inputs", "50", "--seed", "7", "--minutes", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1].startswith("| all | ")
