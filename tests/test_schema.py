from __future__ import annotations

import pyarrow as pa
import pytest

from transforms.pipeline import TABLES
from transforms.schema import Column, SchemaError, Table
from transforms.staging import STAGED

TABLE = Table(
    "things",
    "One thing.",
    ("id",),
    (Column("id", "string", "Key.", null=False), Column("n", "int32", "Count.")),
)


def test_rows_must_have_exactly_the_declared_columns() -> None:
    assert TABLE.batch([{"id": "a", "n": 1}]).to_pylist() == [{"id": "a", "n": 1}]
    with pytest.raises(SchemaError, match="extra"):
        TABLE.batch([{"id": "a", "n": 1, "extra": 2}])
    with pytest.raises(SchemaError, match="n"):
        TABLE.batch([{"id": "a"}])


def test_nulls_and_types_are_checked() -> None:
    with pytest.raises(SchemaError, match="null"):
        TABLE.batch([{"id": None, "n": 1}])
    with pytest.raises(SchemaError):
        TABLE.batch([{"id": "a", "n": "one"}])
    with pytest.raises(SchemaError):
        TABLE.check(pa.table({"id": ["a"]}))


@pytest.mark.parametrize("table", [*TABLES, *STAGED], ids=lambda t: t.name)
def test_every_table_explains_itself(table: Table) -> None:
    assert table.grain.endswith(".")
    assert set(table.key) <= set(table.names)
    assert len(set(table.names)) == len(table.names)
    assert all(c.about for c in table.columns)
    assert table.schema.metadata[b"description"].decode() == table.grain
