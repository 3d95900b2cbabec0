"""Seed tables from folders of CSV files; a later folder adds to and replaces rows of an earlier one."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from transforms.schema import Table

_HERE = Path(__file__).resolve().parent
SEEDS = next((f for f in (_HERE / "lexicon",) if f.is_dir()), _HERE.parent / "seeds")
"""The built-in seed tables: beside this file where the wheel is installed, else in the checkout."""
TOLD = 5  # faults that a run names; `warwire lexicon check` names all
Tables = Mapping[str, Table]
"""How seed tables are declared, by name."""
Lines = list[tuple[int, dict[str, str]]]
"""A table's rows, each with the line it ends on."""
Fault = tuple[str, int, str]
"""(file, line, what is wrong)."""


class SeedError(ValueError):
    """A seed table that cannot be used; says file and line."""


def seed_folders(extra: Sequence[Path] = ()) -> list[Path]:
    """The folders of the built-in lexicon, the gazetteer first and the grammar of English, then the user's own."""
    return [SEEDS / "gazetteer", SEEDS / "en", SEEDS, *extra]


def read_seeds(folders: Sequence[Path], tables: Tables) -> dict[str, list[dict[str, str]]]:
    """Every seed table over the folders, rows sorted by key; each row has all columns its table declares (what its file leaves
    out is empty, its source then its folder's name) and knows its `layer` (its folder's name).

    Raises SeedError where a folder or a column it needs is missing, or a row has too many or too few fields.
    """
    found: dict[str, dict[tuple[str, ...], dict[str, str]]] = {name: {} for name in tables}
    for folder in folders:
        if not folder.is_dir():
            raise SeedError(f"{folder}: no such folder of seed tables")
        for name, table in tables.items():
            path = folder / f"{name}.csv"
            if path.exists():
                for _, row in _read(path, table):
                    found[name][tuple(row[k] for k in table.key)] = {**row, "layer": folder.name}
    return {name: [rows[key] for key in sorted(rows)] for name, rows in found.items()}


def refuse_faults(folders: Sequence[Path], tables: Tables) -> None:
    """Raise SeedError where a file of these folders is not as its table declares. (The built-in ones are tested once.)"""
    for folder in folders:
        rows, faults = read_lines(folder, tables)
        faults += [
            (f"{n}.csv", at, why)
            for n, lines in rows.items()
            for at, row in lines
            for why in tables[n].faults(row)
        ]
        if faults:
            named = "; ".join(f"{name}:{line}: {why}" for name, line, why in sorted(faults)[:TOLD])
            more = (
                f"; {len(faults) - TOLD} more: warwire lexicon check {folder}" if len(faults) > TOLD else ""
            )
            raise SeedError(f"{folder}: {named}{more}")


def read_lines(folder: Path, declared: Tables) -> tuple[dict[str, Lines], list[Fault]]:
    """A folder's seed tables with the line each row stands on, and what cannot be read of it.

    Raises SeedError where there is no such folder.
    """
    if not folder.is_dir():
        raise SeedError(f"{folder}: no such folder of seed tables")
    tables: dict[str, Lines] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.csv")):
        table = declared.get(path.stem)
        if table is None:
            faults.append((path.name, 1, f"no seed table has this name; they are: {', '.join(declared)}"))
            continue
        try:
            tables[table.name] = _read(path, table)
        except SeedError as error:
            name, at, why = str(error).removeprefix(f"{folder}{os.sep}").split(":", 2)
            faults.append((name, int(at), why.strip()))
            continue
        seen: dict[tuple[str, ...], int] = {}
        for line, row in tables[table.name]:
            named = tuple(row[k] for k in table.key)
            if named in seen:
                faults.append(
                    (
                        path.name,
                        line,
                        f"the same {' '.join(table.key)} as line {seen[named]}: {' '.join(named)}",
                    )
                )
            seen.setdefault(named, line)
    return tables, faults


def _read(path: Path, table: Table) -> Lines:
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        try:
            header = next(reader, [])
            if missing := [
                c.name for c in table.columns if (c.name in table.key or not c.null) and c.name not in header
            ]:
                raise SeedError(f"{path}:1: no column {' '.join(missing)}")
            if strange := [name for name in header if name not in table.names]:
                raise SeedError(
                    f"{path}:1: {table.name} has no column {' '.join(map(repr, strange))}; it has: {', '.join(table.names)}"
                )
            left_out = dict.fromkeys((name for name in table.names if name not in header), "")
            for fields in reader:
                if len(fields) != len(header):
                    raise SeedError(
                        f"{path}:{reader.line_num}: {len(fields)} fields, the header has {len(header)}"
                    )
                row = {**dict(zip(header, fields, strict=True)), **left_out}
                if not row.get("source", "there"):
                    row["source"] = path.parent.name
                rows.append((reader.line_num, row))
        except (UnicodeDecodeError, csv.Error) as error:
            raise SeedError(f"{path}:{reader.line_num + 1}: {error}") from error
    return rows
