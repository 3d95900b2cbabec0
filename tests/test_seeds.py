"""Every fact in seeds/ is its own test."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from flows.versions import seeds_of
from transforms.names.lexicon import Lexicon, fold
from transforms.names.mentions import find_mentions
from transforms.page.furniture import Fingerprints, Furniture
from transforms.tables.seeds import SEED_TABLES
from warehouse.seeds import SEEDS, SeedError, read_seeds

TABLES = seeds_of()
FURNITURE = Furniture(TABLES["furniture"])


def test_enough_is_known() -> None:
    hand = [r for r in TABLES["places"] if r["layer"] != "gazetteer"]
    assert len(TABLES["forces"]) >= 80
    assert len(TABLES["places"]) >= 800
    assert len(hand) >= 100
    assert len(TABLES["outlets"]) + len(TABLES["organizations"]) >= 150


SEED_FILES = [path for path in sorted(SEEDS.rglob("*.csv")) if path.stem in SEED_TABLES]


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda p: str(p.relative_to(SEEDS)))
def test_seed_files_are_sorted_and_keys_unique(path: Path) -> None:
    table = SEED_TABLES[path.stem]
    with path.open(encoding="utf-8", newline="") as file:
        keys = [tuple(row[k] for k in table.key) for row in csv.DictReader(file)]
    assert [k for k, n in Counter(keys).items() if n > 1] == []
    assert keys == sorted(keys)


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda p: str(p.relative_to(SEEDS)))
def test_seed_rows_are_as_declared(path: Path) -> None:
    table = SEED_TABLES[path.stem]
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        faults = [(n, fault) for n, row in enumerate(reader, 2) for fault in table.faults(row)]
    assert faults == []
    assert list(reader.fieldnames or ()) == list(table.names)


def test_references_hold() -> None:
    ids = {
        r[f"{t}_id"]
        for t, table in (
            ("force", "forces"),
            ("place", "places"),
            ("outlet", "outlets"),
            ("organization", "organizations"),
        )
        for r in TABLES[table]
    }
    forces = {r["force_id"] for r in TABLES["forces"]}
    assert {r["parent_id"] for r in TABLES["forces"] if r["parent_id"]} <= forces
    assert {r["entity_id"] for r in TABLES["aliases"]} <= ids
    conditions = {c for r in TABLES["aliases"] for a in r["requires"].split() for c in a.split("+")}
    assert {c for c in conditions if not re.fullmatch(r"country:[A-Z]{2}|war|place_cue", c)} <= ids
    assert {r["outlet_id"] for r in TABLES["outlet_fingerprints"]} <= ids


def test_ids_are_slugs_used_once_over_all_types() -> None:
    for table, key in (
        ("forces", "force_id"),
        ("places", "place_id"),
        ("outlets", "outlet_id"),
        ("organizations", "organization_id"),
    ):
        assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", r[key]) for r in TABLES[table]), table


def test_every_hand_written_alias_is_found_in_its_example(lexicon: Lexicon) -> None:
    missed = []
    for row in TABLES["aliases"]:
        if row["source"] != "hand":
            continue
        assert row["example"], f"{row['entity_id']} {row['alias']}: no example"
        found = find_mentions(row["example"], lexicon)
        mine = [f for f in found if row["entity_id"] in {c.entity_id for c in f.candidates}]
        if not any(fold(row["alias"]) in fold(row["example"][f.start : f.end]) for f in mine):
            missed.append((row["entity_id"], row["alias"], row["example"]))
    assert not missed


@pytest.mark.parametrize("row", TABLES["furniture"], ids=lambda r: r["example"][:40])
def test_furniture_patterns_match_their_example_and_no_reporting(row: dict[str, str]) -> None:
    assert re.compile(row["pattern"], re.I).fullmatch(row["example"])
    assert FURNITURE.judge(row["counter_example"]) is None


@pytest.mark.parametrize("row", TABLES["outlet_fingerprints"], ids=lambda r: r["outlet_id"])
def test_fingerprints_match_their_example(row: dict[str, str]) -> None:
    assert Fingerprints([row]).outlet_of(row["example"]) == (row["outlet_id"], row["kind"])


def test_stop_phrases_name_nobody(lexicon: Lexicon) -> None:
    for row in TABLES["stop_phrases"]:
        at = fold(row["example"]).index(fold(row["phrase"]))
        inside = [
            f
            for f in find_mentions(row["example"], lexicon)
            if f.start < at + len(row["phrase"]) and at < f.end
        ]
        assert not inside, row["phrase"]


def test_towns_lie_in_their_country() -> None:
    boxes = {"SY": (32.2, 37.4, 35.6, 42.5), "IQ": (29.0, 37.5, 38.7, 48.7)}
    for row in TABLES["places"]:
        if row["country_code"] in boxes and row["latitude"] and row["kind"] != "river":
            south, north, west, east = boxes[row["country_code"]]
            assert south <= float(row["latitude"]) <= north, row
            assert west <= float(row["longitude"]) <= east, row


def test_a_broken_seed_table_says_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "forces.csv").write_text("force_id,name,kind\na,A,militia,too many\n")
    with pytest.raises(SeedError, match=r"forces\.csv:2"):
        read_seeds([tmp_path], SEED_TABLES)
    with pytest.raises(SeedError, match="no such folder"):
        read_seeds([tmp_path / "nowhere"], SEED_TABLES)
