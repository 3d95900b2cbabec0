"""Seed tables from folders of CSV files; a later folder adds to and replaces rows of an earlier one."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

SEED_KEYS: Mapping[str, tuple[str, ...]] = {
    "forces": ("force_id",),
    "places": ("place_id",),
    "outlets": ("outlet_id",),
    "organizations": ("organization_id",),
    "aliases": ("entity_id", "alias"),
    "stop_phrases": ("phrase",),
    "place_terms": ("term", "position"),
    "speech_verbs": ("verb_form",),
    "force_nouns": ("class", "noun"),
    "force_words": ("word",),
    "figure_nouns": ("noun",),
    "figure_verbs": ("form",),
    "event_terms": ("form",),
    "claimant_roles": ("noun",),
    "descriptions": ("modifier", "nouns", "force_id"),
    "furniture": ("kind", "pattern"),
    "outlet_fingerprints": ("outlet_id", "value"),
    "export_columns": ("field", "column"),
    "languages": ("language",),
}
"""Seed table → the columns that name a row. A row with the same key in a later folder takes the earlier one's place."""

SEED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "forces": ("name", "kind"),
    "places": ("name", "kind"),
    "outlets": ("name", "kind"),
    "organizations": ("name", "kind"),
    "aliases": ("entity_type", "alias_type", "is_weak", "requires", "source"),
    "place_terms": ("kind", "precision"),
    "speech_verbs": ("stance",),
    "descriptions": ("requires",),
    "figure_nouns": ("victim_group", "measure"),
    "figure_verbs": ("measure", "voice"),
    "event_terms": ("event_type", "plover_event", "plover_mode", "syntax"),
    "claimant_roles": ("claimant_type",),
    "outlet_fingerprints": ("form", "kind"),
    "export_columns": ("rank",),
}
"""Seed table → the columns it must have besides its key; any other of docs/lexicon.md may be left out."""

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


class SeedError(ValueError):
    """A seed table that cannot be used; says file and line."""


def seed_folders(extra: Sequence[Path] = ()) -> list[Path]:
    """The folders of the built-in lexicon, the gazetteer first, then the user's own."""
    return [SEEDS / "gazetteer", SEEDS, *extra]


def read_seeds(folders: Sequence[Path]) -> dict[str, list[dict[str, str]]]:
    """Every seed table over the folders, rows sorted by key; each row knows its `layer` (its folder's name).

    Raises SeedError where a folder is missing, a file lacks a key column, or a row has too many or too few fields.
    """
    tables: dict[str, dict[tuple[str, ...], dict[str, str]]] = {name: {} for name in SEED_KEYS}
    for folder in folders:
        if not folder.is_dir():
            raise SeedError(f"{folder}: no such folder of seed tables")
        for name, key in SEED_KEYS.items():
            path = folder / f"{name}.csv"
            if path.exists():
                for _, row in _read(path, (*key, *SEED_COLUMNS.get(name, ()))):
                    tables[name][tuple(row[k] for k in key)] = {**row, "layer": folder.name}
    return {name: [rows[key] for key in sorted(rows)] for name, rows in tables.items()}


def read_lines(folder: Path) -> tuple[dict[str, list[tuple[int, dict[str, str]]]], list[tuple[str, int, str]]]:
    """A folder's seed tables with the line each row stands on, and what cannot be read of it: (file, line, why).

    Raises SeedError where there is no such folder.
    """
    if not folder.is_dir():
        raise SeedError(f"{folder}: no such folder of seed tables")
    tables: dict[str, list[tuple[int, dict[str, str]]]] = {}
    faults = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in SEED_KEYS:
            faults.append((path.name, 1, f"no seed table has this name; they are: {', '.join(SEED_KEYS)}"))
            continue
        key = SEED_KEYS[path.stem]
        try:
            rows = _read(path, (*key, *SEED_COLUMNS.get(path.stem, ())))
        except SeedError as error:
            name, at, why = str(error).removeprefix(f"{folder}{os.sep}").split(":", 2)
            faults.append((name, int(at), why.strip()))
            continue
        seen: dict[tuple[str, ...], int] = {}
        for line, row in rows:
            named = tuple(row[k] for k in key)
            if named in seen:
                faults.append((path.name, line, f"the same {' '.join(key)} as line {seen[named]}: {' '.join(named)}"))
            seen.setdefault(named, line)
        tables[path.stem] = rows
    return tables, faults


def _read(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        try:
            header = next(reader, [])
            if missing := [k for k in needed if k not in header]:
                raise SeedError(f"{path}:1: no column {' '.join(missing)}")
            for fields in reader:
                if len(fields) != len(header):
                    raise SeedError(f"{path}:{reader.line_num}: {len(fields)} fields, the header has {len(header)}")
                rows.append((reader.line_num, dict(zip(header, fields, strict=True))))
        except (UnicodeDecodeError, csv.Error) as error:
            raise SeedError(f"{path}:{reader.line_num + 1}: {error}") from error
    return rows
