"""`warwire sql`, `explain`, `check`, `export`, `doctor`, `lexicon`: the commands that ask what stands."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import UsageError

if TYPE_CHECKING:
    from transforms.schema import Table
from flows.commands.exits import FAILED, OK


def doctor_command(args: argparse.Namespace) -> int:
    """`warwire doctor`: one line a thing looked at; 1 where something is left to do."""
    from transforms.pipeline import TABLES
    from warehouse.doctor import examine
    from warehouse.lake import GRACE_SECONDS, Lake

    lake = Lake(Path(os.path.abspath(args.warehouse)))
    if not lake.is_ours():
        raise UsageError(
            f"no warehouse at {lake.root}; build one with: warwire run INPUT --warehouse {lake.root}"
        )
    with lake.lock():
        findings = examine(lake, TABLES, 0.0 if args.sweep else GRACE_SECONDS)
    for finding in findings:
        print(f"{finding.state:<7} {finding.what}")
    return FAILED if any(f.state == "left" for f in findings) else OK


def export_command(args: argparse.Namespace) -> int:
    """`warwire export`."""
    from transforms.pipeline import TABLES
    from warehouse.catalog import open_catalog
    from warehouse.export import export_tables
    from warehouse.lake import Lake

    known = {t.name: t for t in TABLES}
    if unknown := [n for n in args.table if n not in known]:
        raise UsageError(f"no table {unknown[0]!r}; the tables are {', '.join(known)}")
    out = Path(os.path.abspath(args.out))
    with open_catalog(Lake(args.warehouse), lambda: TABLES, writes=[out]) as connection:
        for name, rows in export_tables(
            connection, [known[n] for n in args.table or known], args.format, out
        ):
            print(f"{name}: {rows} rows")
    print(f"Written to {args.out}")
    return OK


# ------------------------------------------------------------------ questions
def _tables() -> Sequence[Table]:
    from transforms.pipeline import TABLES

    return TABLES


def sql_command(args: argparse.Namespace) -> int:
    """`warwire sql`."""
    from flows.commands.show import print_rows, prompt
    from warehouse.catalog import open_catalog
    from warehouse.lake import Lake

    described = args.query is None or "comment" in args.query.lower()
    with open_catalog(Lake(args.warehouse), _tables, commented=described) as connection:
        if args.query is None:
            return OK if prompt(connection) else FAILED
        print_rows(connection, args.query, args.format, args.brief)
    return OK


def explain_command(args: argparse.Namespace) -> int:
    """`warwire explain`."""
    from flows.commands.show import print_behind, print_explained, print_story
    from warehouse.catalog import open_catalog
    from warehouse.explain import explain_id, explain_number, explain_story
    from warehouse.lake import Lake

    with open_catalog(Lake(args.warehouse), _tables) as connection:
        if args.keys:
            print_behind(explain_number(connection, _tables(), args.what, args.keys, args.limit))
        else:
            for found in explain_id(connection, _tables(), args.what)[: args.limit]:
                print_explained(found)
                if found.table == "stories":
                    print_story(*explain_story(connection, found.row["story_id"]), args.limit)
    return OK


def check_command(args: argparse.Namespace) -> int:
    """`warwire check`."""
    from warehouse.catalog import open_catalog
    from warehouse.checks import run_checks
    from warehouse.lake import Lake

    with open_catalog(Lake(args.warehouse), _tables) as connection:
        answers = run_checks(connection, _tables())
    for answer in answers:
        state = "ok" if not answer.rows else answer.severity.upper()
        print(
            f"{state:<5} {answer.name}: no row where {answer.about}"
            if not answer.rows
            else f"{state:<5} {answer.name}: {answer.about} ({answer.rows} rows, such as {answer.examples})"
        )
    return FAILED if any(a.failed for a in answers) else OK


def lexicon_command(args: argparse.Namespace) -> int:
    """`warwire lexicon check DIR` and `warwire lexicon suggest`."""
    from flows.versions import lexicon_of

    if args.what == "suggest":
        from flows.commands.show import print_suggestions
        from warehouse.catalog import open_catalog
        from warehouse.lake import Lake
        from warehouse.stock import unknown_names

        with open_catalog(Lake(args.warehouse), _tables) as connection:
            print_suggestions(
                unknown_names(connection, args.limit), lexicon_of(tuple(args.lexicon)), args.format
            )
        return OK
    if args.folder is None:
        raise UsageError("name the folder: warwire lexicon check DIR")
    from transforms.names.check import find_faults
    from transforms.tables.seeds import SEED_TABLES
    from warehouse.seeds import read_lines, read_seeds, seed_folders

    own, unreadable = read_lines(args.folder, SEED_TABLES)
    faults = unreadable
    if not unreadable:
        seeds = read_seeds(seed_folders((*args.lexicon, args.folder)), SEED_TABLES)
        faults = [(f"{f.table}.csv", f.line, f.message) for f in find_faults(own, seeds)]
    for name, line, message in faults:
        print(f"{args.folder / name}:{line}: {message}")
    lines = sum(map(len, own.values()))
    print(f"{lines} lines in {len(own)} tables: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}")
    return FAILED if faults else OK
