"""The one way a table is declared: Arrow schema, strict batches, comments and dictionary all come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

Type = Literal[
    "string",
    "int32",
    "int64",
    "double",
    "boolean",
    "date32",
    "timestamp",
    "list<string>",
    "list<int32>",
    "list<int64>",
]

# The types that every BI tool reads, by the names used in declarations.
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date32": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "list<string>": pa.list_(pa.string()),
    "list<int32>": pa.list_(pa.int32()),
    "list<int64>": pa.list_(pa.int64()),
}


NUMBERS: Mapping[Type, Callable[[str], Any]] = {"double": float, "int64": int}
"""How the numbers of a CSV file are read."""
RANGES = {"latitude": 90.0, "longitude": 180.0}


class SchemaError(ValueError):
    """A batch is not what its table declares."""


@dataclass(frozen=True)
class Column:
    """One column: what it means (`about`), what it may hold (`values`, empty = anything), whether null is allowed, and the
    tables one of whose keys it is (`links`; of a list each element). All of it is checked: `Table.check`, and
    `warehouse.declared` before anything is published. The share of rows that have a `measured` one is watched from run to run."""

    name: str
    type: Type
    about: str
    values: tuple[str, ...] = ()
    null: bool = True
    links: tuple[str, ...] = ()
    measured: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its grain (what one row is), its key, its columns.

    `where` says where its rows live: part (written part by part), whole (one file a snapshot), log (append-only,
    outside snapshots), staged (between the steps of a run, never published) or seed (a lexicon's CSV file).
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    where: Literal["part", "whole", "log", "staged", "seed"] = "part"
    schema: pa.Schema = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fields = [
            pa.field(c.name, ARROW_TYPES[c.type], nullable=c.null, metadata={"description": c.about})
            for c in self.columns
        ]
        metadata: dict[bytes | str, bytes | str] = {
            "table": self.name,
            "description": self.grain,
            "key": ",".join(self.key),
        }
        object.__setattr__(self, "schema", pa.schema(fields, metadata=metadata))

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(c.name for c in self.columns)

    def batch(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Rows (mappings with exactly this table's keys) as an Arrow table.

        Raises SchemaError where a row has a key too many or too few: Arrow itself would drop or null it in silence.
        """
        rows = list(rows)
        names = self.names
        wanted = set(names)
        for row in rows:
            if row.keys() != wanted:
                raise SchemaError(
                    f"{self.name}: row with unexpected or missing columns {sorted(row.keys() ^ wanted)}"
                )
        values = zip(*map(itemgetter(*names), rows), strict=True) if rows else ([] for _ in names)
        return self.of(dict(zip(names, values, strict=True)))

    def collect(self) -> Collected:
        """An empty collection of this table's rows."""
        return Collected(self)

    def of(self, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
        """Columns (all of them, equally long) as an Arrow table; raises SchemaError where they are not."""
        if columns.keys() != set(self.names):
            raise SchemaError(f"{self.name}: columns {sorted(columns.keys() ^ set(self.names))} do not fit")
        try:
            arrays = [pa.array(columns[c.name], ARROW_TYPES[c.type]) for c in self.columns]
            table = pa.Table.from_arrays(arrays, schema=self.schema)
            return self.check(table)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise SchemaError(f"{self.name}: {error}") from error

    def check(self, table: pa.Table) -> pa.Table:
        """The table itself where it is as declared; raises SchemaError where it is not."""
        if not table.schema.equals(self.schema):
            raise SchemaError(f"{self.name}: schema is {table.schema}, declared is {self.schema}")
        for column in self.columns:
            if not column.null and table[column.name].null_count:
                raise SchemaError(f"{self.name}.{column.name}: null where none is allowed")
            if column.values:
                allowed = pa.array(column.values, pa.string())
                strange = pc.filter(table[column.name], pc.invert(pc.is_in(table[column.name], allowed)))
                if strange := strange.drop_null():
                    raise SchemaError(
                        f"{self.name}.{column.name}: {strange[0]} is none of {', '.join(column.values)}"
                    )
        return table

    def faults(self, row: Mapping[str, str]) -> Iterator[str]:
        """What is wrong with a row of texts, as a CSV file has it: empty where it may not be, no number, out of range, none of
        the values.

        >>> verbs = Table("verbs", "One.", ("form",), (Column("form", "string", "", null=False), Column("rank", "int64", "")))
        >>> list(verbs.faults({"form": "", "rank": "first"}))
        ['form is empty', "the rank 'first' is no number"]
        """
        for column in self.columns:
            value = row.get(column.name, "")
            if column.type == "boolean":
                if value not in ("true", "false"):
                    yield f"{column.name} is {value!r}, not true or false"
            elif not value.strip():
                if not column.null:
                    yield f"{column.name} is empty"
            elif column.values and value not in column.values:
                yield f"the {column.name} {value!r} is none of: {', '.join(column.values)}"
            elif column.type in NUMBERS:
                try:
                    number = NUMBERS[column.type](value)
                except ValueError:
                    yield f"the {column.name} {value!r} is no number"
                else:
                    if not abs(number) <= RANGES.get(column.name, float("inf")):
                        yield f"the {column.name} {value} lies outside -{RANGES[column.name]:g} to {RANGES[column.name]:g}"

    def empty(self) -> pa.Table:
        """No rows, the declared schema."""
        return self.of({name: [] for name in self.names})


AT_ONCE = 8192  # rows held as Python objects (about 1.5 kB each); as Arrow a row takes a fifth of that


class Collected:
    """Rows of one table as they come, held as Arrow: one document can give half a million."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: list[Mapping[str, Any]] = []
        self._done: list[pa.Table] = []

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take rows in; raises SchemaError as `Table.batch` does, at the latest when the table is asked for."""
        for row in rows:
            self._rows.append(row)
            if len(self._rows) >= AT_ONCE:
                self._pack()

    def _pack(self) -> None:
        self._done.append(self._table.batch(self._rows))
        self._rows = []

    def table(self) -> pa.Table:
        """All rows, in the order they came."""
        if self._rows or not self._done:
            self._pack()
        return self._done[0] if len(self._done) == 1 else pa.concat_tables(self._done)


PRECISIONS = ("exact", "near", "direction", "between", "area")
"""What can be meant of a place that is named."""

ENTITIES = ("forces", "places", "outlets", "organizations")
"""The tables of those who are named."""

ARTICLE_ID = Column("article_id", "string", "The article it stands in.", null=False, links=("articles",))
"""The column that every record of an article carries."""

SPANS: tuple[Column, ...] = (
    Column("document_id", "string", "The document it stands in.", null=False, links=("documents",)),
    Column("paragraph_id", "string", "The paragraph it stands in.", null=False, links=("paragraphs",)),
    Column("surface", "string", "The words as they stand in the cleaned text.", null=False),
    Column("document_surface", "string", "The words as they stand in documents.text.", null=False),
    Column(
        "start_char",
        "int32",
        "First character in articles.text (0-based); null where the part does not stand in that text.",
    ),
    Column("end_char", "int32", "One past the last character in articles.text; null like start_char."),
    Column("document_start_char", "int32", "First character in documents.text (0-based).", null=False),
    Column("document_end_char", "int32", "One past the last character in documents.text.", null=False),
)
"""The columns that every record with a place in a text carries."""
