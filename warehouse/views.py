"""Views as their files declare them: what they mean, their columns, what lies behind a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.schema import Column

SQL = Path(__file__).parent / "sql"
COLUMN_COMMENT = re.compile(r"(?<!\w)(\w+)(?:\.\*)?,?\s+-- (.+)$")
STORED = "stored"
READS = re.compile(r"\b(?:from|join)\s+([a-z_]+)")
BEHIND = re.compile(r"^-- behind: (.+) by (.+)$", re.M)


@dataclass(frozen=True)
class View:
    """A view as its file declares it: what one row is, its columns' comments, and the rows behind it: a condition on
    another view, and which of its columns equals which of theirs. A stored one is counted once a snapshot and kept there as
    Parquet."""

    name: str
    about: str
    columns: tuple[tuple[str, str], ...]
    sql: str
    behind: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    stored: bool = False


def read_views() -> list[View]:
    """The views of warehouse/sql/views, by name."""
    return [_view(path) for path in sorted((SQL / "views").glob("*.sql"))]


def _view(path: Path) -> View:
    sql = path.read_text(encoding="utf-8")
    header = [line.removeprefix("-- ") for line in sql.split("\n") if line.startswith("-- ")]
    columns = [
        (m[1], m[2])
        for line in sql.split("\n")
        if line.startswith(" ") and (m := COLUMN_COMMENT.search(line))
    ]
    behind = BEHIND.search(sql)
    keys = tuple((a, b) for a, _, b in (k.partition("=") for k in behind[2].split())) if behind else ()
    about = " ".join(line for line in header if line != STORED and not line.startswith("behind: "))
    return View(
        name=path.stem,
        about=about,
        columns=tuple(columns),
        sql=sql,
        behind=behind[1] if behind else "",
        keys=keys,
        stored=STORED in header,
    )


def described(column: Column) -> str:
    """A column's meaning with its values."""
    return column.about + (f" One of: {', '.join(column.values)}." if column.values else "")


def read_by(queries: Sequence[str], views: dict[str, View]) -> set[str]:
    """Every name that queries read from, and what the views among these read."""
    names = {m[1] for sql in queries for m in READS.finditer(sql)}
    inner = [views[n].sql for n in names if n in views]
    return names | (read_by(inner, {n: v for n, v in views.items() if n not in names}) if inner else set())
