"""Questions about the data whose right answer is no rows: what tables declare, and warehouse/sql/checks, each marked fail or warn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from transforms.schema import Table
from warehouse.declared import declared_checks, declared_measures
from warehouse.engine import quoted_files

CHECKS = Path(__file__).parent / "sql" / "checks"
BY_PART = " by part"
PARTS_AT_ONCE = 8  # of a thousand documents each, in a group of new parts: some 400 MB
SHOWN = 3  # offending rows kept of each check


@dataclass(frozen=True)
class Answer:
    """One check's answer: its severity (fail or warn), what it asks, how many rows offend, and a few of them."""

    name: str
    severity: str
    about: str
    rows: int
    examples: list[tuple[Any, ...]]

    @property
    def failed(self) -> bool:
        """Whether this answer keeps a snapshot from being published."""
        return self.severity == "fail" and self.rows > 0


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    new: Sequence[Mapping[str, Sequence[Path]]] | None = None,
) -> list[Answer]:
    """Every check's answer, by name. Where `new` names the new files of tables, in groups of whole parts, a check that looks
    at each part by itself (`fail by part`) looks at those alone, group by group: what stands was checked when it was written,
    and a group fits into memory."""
    answers: dict[str, Answer] = {}
    scripts = {
        path.stem: path.read_text(encoding="utf-8") for path in sorted(CHECKS.glob("*.sql"))
    } | declared_checks(tables)
    for name, sql in scripts.items():
        severity, _, about = sql.split("\n", 1)[0].removeprefix("-- ").partition(": ")
        severity, by_part = severity.removesuffix(BY_PART), severity.endswith(BY_PART)
        if severity not in ("fail", "warn"):
            raise ValueError(f"{name}.sql: the first line must be `-- fail: ...` or `-- warn: ...`")
        found = (0, []) if by_part and new is not None else _offending(connection, sql)
        answers[name] = Answer(name, severity, about, *found)
    for group in new or ():
        for table, files in group.items():
            columns = ", ".join(connection.sql(f"from {table} limit 0").columns)
            connection.execute(
                f"create or replace temp view new_{table} as select {columns} from read_parquet({quoted_files(list(files))})"
            )
        for name, sql in scripts.items():
            if sql.split(":", 1)[0].endswith(BY_PART):
                there = re.sub(rf"\b(from|join) ({'|'.join(group)})\b", r"\1 new_\2", sql)
                rows, examples = _offending(connection, there)
                known = answers[name]
                answers[name] = replace(
                    known, rows=known.rows + rows, examples=[*known.examples, *examples][:SHOWN]
                )
    return list(answers.values())


def _offending(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, list[tuple[Any, ...]]]:
    """How many rows a check finds, and a few of them."""
    rows = connection.execute(f"select count(*) from ({sql})").fetchall()[0][0]
    return rows, connection.execute(f"select * from ({sql}) limit {SHOWN}").fetchall() if rows else []


@dataclass(frozen=True)
class Measure:
    """A volume or a share of a warehouse, what it was before (None where it was not measured), and whether the step between
    is one to look at."""

    name: str
    value: float
    before: float | None
    is_unusual: bool


FALL = 0.1  # share of its rows that a table may lose between two runs without a word
STEP = 0.05  # by how much a share may move
ENOUGH = 20  # rows below which a share says nothing


def take_measures(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> list[Measure]:
    """The volumes and shares of what stands, compared with the last run that measured."""
    before = dict(
        connection.sql(
            "select measure, arg_max(value, run_id) from measures where run_id = (select max(run_id) from measures) group by all"
        ).fetchall()
    )
    found = []
    own = (CHECKS.parent / "measures.sql").read_text(encoding="utf-8")
    for name, value, of_rows in connection.sql(
        f"{declared_measures(tables)}\nunion all from ({own})"
    ).fetchall():
        if value is None:
            continue
        was = before.get(name)
        fell = of_rows is None and was is not None and value < was * (1 - FALL)
        moved = of_rows is not None and of_rows >= ENOUGH and was is not None and abs(value - was) > STEP
        found.append(Measure(name, float(value), was, bool(fell or moved)))
    return found
