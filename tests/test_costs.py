"""What a text can cost: no pattern's work grows faster than the text, and no document of a megabyte takes ten seconds."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from conftest import ROOT
from pumps import ENDS, GENERIC, MOST_GROWTH, growth, patterns, pumps, uses

from flows.versions import seeds_of
from transforms.article import Article
from transforms.names.lexicon import Lexicon
from transforms.names.mentions import find_names
from transforms.page.clean import apply, clean_markdown
from transforms.page.furniture import Rules
from transforms.page.header import LONGEST_FURNITURE
from transforms.parse import parse
from transforms.parse.block import MOST_BLOCKS
from transforms.parse.html import trimmed
from transforms.reading import read_one
from transforms.records.attributions import find_attributions
from transforms.records.events import find_events
from transforms.schema import AT_ONCE, Table
from transforms.staging import Raw, stage_batch

LENGTH = 2048  # characters of a pumped text, where nothing bounds what a pattern is given
GUARDS = {
    "transforms.records.attributions.LEAD": "transforms.records.attributions.LONGEST_CLAIMANT",
    "transforms.records.attributions.TRAILING": "transforms.records.attributions.LONGEST_TRAIL",
    "transforms.names.defined.LONG": "transforms.names.defined.LONG_FORM_REACH",
    "transforms.names.lexicon.OUTLET_TAIL": "transforms.names.lexicon.LONGEST_OUTLET",
    "transforms.language.sentences.LAST_WORD": "transforms.language.sentences.LONGEST_ABBREVIATION",
}
"""What a pattern is given at the most where its own work is no straight line: the constant that says so, in characters."""
PATTERNS = patterns()
USES = uses()


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 180
    assert {
        "transforms.page.clean.MARKDOWN",
        "transforms.language.times.PATTERNS[0][1]",
        "transforms.records.events.INSTRUMENTS[0][1]",
    } <= set(PATTERNS)
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
    for row in seeds_of()[table]:
        rules = Rules(table, [row[column]], any_case=table == "furniture")
        for lead, unit in pumps(re.compile(row[column])):
            for end in ("", "é!"):
                more = growth(partial(_fitting, rules), lead, unit, end, LONGEST_FURNITURE)
                assert more <= MOST_GROWTH, (row, unit)


def _fitting(rules: Rules, text: str) -> None:
    list(rules.fitting(text))


# ------------------------------------------------------------------ bounds
def test_what_no_sentence_holds_tells_nothing(lexicon: Lexicon) -> None:
    said = "The army attacked ISIS in Raqqa and killed 5 men, an officer said"
    for text, is_told in (
        (f"{said}.", True),
        (", ".join([said] * 9) + ".", True),
        (", ".join(["the army attacked ISIS"] * 41) + ".", False),
    ):
        article = Article.plain(text, lexicon)
        assert bool(find_events(article, find_attributions(article))) == is_told


def test_names_on_end_are_not_read(lexicon: Lexicon) -> None:
    assert len(find_names("Raqqa, Hama, Homs. " * 5_000, lexicon).found) == 15_000
    assert find_names("UK " * 20_000, lexicon).found == []


def test_a_long_paragraph_is_held_as_arrow(lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paragraph of ten megabytes has four hundred thousand names: of no table may all rows be Python objects at once."""
    packed: list[tuple[str, int]] = []
    batch = Table.batch

    def note(table: Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        made = batch(table, rows)
        packed.append((table.name, len(made)))
        return made

    unit = "The army attacked ISIS in Raqqa near Manbij and killed 5 men, an officer said. "
    text = "Fighting\n\n" + unit * (AT_ONCE // 2)
    monkeypatch.setattr(Table, "batch", note)
    read = read_one(Raw("0" * 32, ".txt", text.encode()), lexicon)
    assert max(n for _, n in packed) <= AT_ONCE
    for name in ("mentions", "figures", "attributions", "events"):
        assert (
            len(read[name]) == sum(n for packed_name, n in packed if packed_name == name) > 0.4 * AT_ONCE
        ), name
    assert sum(name == "mentions" for name, _ in packed) > 1


HEAVY: dict[str, Callable[[Path], object]] = {
    "rejects.jsonl": lambda path: path.write_bytes(b'{"title": "a"}\n' * 1_000_000),
    "numbers.json": lambda path: path.write_bytes(b"[" + b",".join(b"%d" % n for n in range(10**6)) + b"]"),
    "no_items.xml": lambda path: path.write_bytes(b"<rss><channel>" + b"<other><a>some words</a></other>" * 600_000 + b"</channel></rss>"),
    "lines.txt": lambda path: path.write_bytes(b"a line\n" * 800_000),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_memory_stays_within_what_is_allowed(name: str, tmp_path: Path) -> None:
    HEAVY[name](tmp_path / name)
    run = [
        sys.executable,
        "-m",
        "flows.cli",
        "run",
        str(tmp_path / name),
        "--warehouse",
        str(tmp_path / "w"),
        "--inline",
        "--workers",
        "1",
        "--memory",
        "1GB",
    ]
    process = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert used.ru_maxrss < 500 * 1024  # kilobytes; the process takes 180 MB with nothing to do


@pytest.mark.parametrize(("suffix", "unit"), [(".txt", "a\n"), (".md", "# a\n"), (".html", "<p>a")])
def test_too_many_paragraphs_are_refused(suffix: str, unit: str, lexicon: Lexicon) -> None:
    staged = stage_batch([Raw("0" * 32, suffix, (unit * (MOST_BLOCKS + 1)).encode())], lexicon)
    rejects = [(row["reason"], row["detail"]) for row in staged["staged_rejects"].to_pylist()]
    assert rejects == [("too_many", "more than 50,000 paragraphs")]
    assert len(parse((unit * 9_000).encode(), suffix).blocks) == 9_000


def test_a_tag_keeps_its_first_attributes_and_a_script_all() -> None:
    many = " ".join(f"a{n}='>'" for n in range(6_000))
    script = f"<script>x = '<p {many.replace(chr(39), '')}';</script>"
    page = f"<!-- <p {many}> -->{script}<p {many}>Raqqa</p>"
    cut = trimmed(page)
    assert cut.startswith(f"<!-- <p {many}> -->{script}<p a0='>' ")
    assert cut.endswith(" a4999='>'>Raqqa</p>")
    assert trimmed(f"{script}<p>Raqqa</p>") == f"{script}<p>Raqqa</p>"


def test_links_are_found_as_a_pattern_finds_them() -> None:
    link = re.compile(r"!?\[(?P<words>[^\]\n]*)\]\([^)\n]*\)")
    random = Random(1)
    for _ in range(3_000):
        text = "".join(random.choices(["[", "]", "(", ")", "!", "a", "\n", "[b](c)"], k=12))
        assert apply(clean_markdown, text) == link.sub(lambda m: m["words"], text)


# ------------------------------------------------------------------ whole documents
ALL = "WARWIRE_ALL_COSTS"
"""Set in the environment, it has every document of benchmarks/hostile.py read, a megabyte of each."""
FEW = ("an an an.txt", "repeatedly.txt", "numeric dates.txt", "definitions.txt", "brackets.txt", "numbers.txt", "backquotes.txt",
       "short quotes.txt", "killed.txt", "attacks.txt", "forces.txt", "names.txt", "short lines.txt", "spaces.txt", "brackets.md", "links.md",
       "attributes.html", "blocks.html", "angles.html", "sites in the title.html", "host.html", "dates in the head.html", "header.mht")  # fmt: skip
SIZE, SECONDS = (1_000_000, 10) if ALL in os.environ else (300_000, 5)


def test_no_document_takes_ten_seconds_a_megabyte() -> None:
    """The limit finds what hangs: most take a tenth of it. Where one is stopped, its row says so and has no time."""
    names = [] if ALL in os.environ else list(FEW)
    command = [
        sys.executable,
        "-m",
        "benchmarks.hostile",
        *names,
        "--size",
        str(SIZE),
        "--limit",
        str(SECONDS),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert len(rows) >= len(FEW)
    assert {
        name: row["failed"] for name, row in rows.items() if row["seconds"] is None or row["failed"]
    } == {}
    refused = {name: row["rejects"] for name, row in rows.items() if row["rejects"]}
    assert set(map(str, refused.values())) <= {"{'too_many': 1}"}


def test_broken_input_is_read_or_refused() -> None:
    """The first inputs of `make fuzz`, the same ones each time."""
    command = [sys.executable, "-m", "benchmarks.robust", "--inputs", "40", "--seed", "7", "--minutes", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1].startswith("| all | ")
