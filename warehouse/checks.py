"""Questions about the data whose right answer is no rows: warehouse/sql/checks, each marked fail or warn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

CHECKS = Path(__file__).parent / "sql" / "checks"
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


def run_checks(connection: duckdb.DuckDBPyConnection) -> list[Answer]:
    """Every check's answer, by name."""
    answers = []
    for path in sorted(CHECKS.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        severity, _, about = sql.split("\n", 1)[0].removeprefix("-- ").partition(": ")
        if severity not in ("fail", "warn"):
            raise ValueError(f"{path.name}: the first line must be `-- fail: ...` or `-- warn: ...`")
        found = connection.sql(sql)
        columns = ", ".join(f'"{c}"' for c in found.columns)
        rows = connection.sql(f"select count(*) from ({sql})").fetchall()[0][0]
        examples = connection.sql(f"select {columns} from ({sql}) limit {SHOWN}").fetchall() if rows else []
        answers.append(Answer(path.stem, severity, about, rows, examples))
    return answers
