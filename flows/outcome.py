"""What a run did, and how it can end."""

from __future__ import annotations

from dataclasses import dataclass, field

from warehouse.checks import Answer, Measure
from warehouse.manifest import WarehouseError


class CheckFailed(RuntimeError):
    """A `fail` check found rows; the old snapshot stays. `answers` are those of all checks."""

    def __init__(self, answers: list[Answer]) -> None:
        failed = [a for a in answers if a.failed]
        super().__init__(
            "; ".join(f"{a.name}: {a.about} ({a.rows} rows, such as {a.examples[:1]})" for a in failed)
        )
        self.answers = answers


class DiskFailed(WarehouseError):
    """Too many inputs could not be read; nothing is published."""


@dataclass
class Outcome:
    """What a run did, for people and for the runs table."""

    outcome: str
    snapshot: str
    counts: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    rejected: list[tuple[str, str, str, int]] = field(default_factory=list)
    not_read: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What to look at: (check or measure, what it found)."""
        found = [("check", f"{a.about}: {a.rows}") for a in self.answers if a.rows]
        return found + [
            (m.name, f"{m.value:,.4g}, was {m.before:,.4g}") for m in self.measures if m.is_unusual
        ]
