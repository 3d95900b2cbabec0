"""The lexicon itself as tables."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pyarrow as pa

from transforms import tables
from transforms.names.entity import Seeds
from transforms.schema import NUMBERS, Column, Table

ENTITIES: tuple[Table, ...] = (
    tables.FORCES,
    tables.PLACES,
    tables.OUTLETS,
    tables.ORGANIZATIONS,
    tables.ALIASES,
)
"""What the lexicon itself fills."""


# ------------------------------------------------------------------ the lexicon as tables
def entity_tables(seeds: Seeds) -> dict[str, pa.Table]:
    """The ENTITIES tables of the seed tables, by name, sorted by key; empty fields become null."""
    found = {}
    for table in ENTITIES:
        names = table.names
        rows = sorted(
            ({c: row.get(c) or "" for c in names} for row in seeds[table.name]), key=itemgetter(*table.key)
        )
        found[table.name] = table.of(
            {c.name: [_typed(row[c.name], c) for row in rows] for c in table.columns}
        )
    return found


def _typed(text: str, column: Column) -> Any:
    """A column's text as a value; the seed tables were found to be as declared when they were read."""
    if column.type == "boolean":
        return text == "true"
    return NUMBERS.get(column.type, str)(text) if text else None
