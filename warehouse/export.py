"""The tables in other formats, for lakes and tools elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.schema import Column, Table
from warehouse import ours
from warehouse.engine import quoted
from warehouse.files import hash_file
from warehouse.manifest import WarehouseError

ROWS = 100_000  # at a time
FIELD_TYPES = {
    "string": "string",
    "int32": "integer",
    "int64": "integer",
    "double": "number",
    "boolean": "boolean",
    "date32": "date",
    "timestamp": "datetime",
    "list<string>": "array",
    "list<int32>": "array",
    "list<int64>": "array",
}
"""Frictionless Table Schema (v1) types of the declared ones."""

Batches = pa.RecordBatchReader


def export_tables(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], kind: str, into: Path
) -> Iterator[tuple[str, int]]:
    """Write tables into a folder as csv, jsonl, delta or iceberg, with a Frictionless datapackage.json beside the files of the
    first two: (table, rows), one by one. Raises WarehouseError where the folder holds something else or a library is missing.
    """
    _make_room(into, {t.name for t in tables})
    try:
        write = WRITERS[kind](into)
    except ImportError as error:
        raise WarehouseError(f"{error.name} is not installed; pip install 'warwire[export]'") from error
    for table in tables:
        (rows,) = connection.sql(f"select count(*) from {table.name}").fetchall()[0]
        write(connection, table)
        yield table.name, int(rows)
    if kind in ("csv", "jsonl"):
        package = describe(tables, into, kind)
        (into / "datapackage.json").write_text(
            json.dumps(package, indent=1, ensure_ascii=False) + "\n", "utf-8"
        )


MARK = "written-by-warwire.txt"
MARKED = "This folder is written by `warwire export`, which replaces what it wrote before. What else lies here stays.\n"
BESIDE = (
    "datapackage.json",
    "catalog.db",
    "warwire",
)  # of the formats, beside the tables; Iceberg's tables lie in the last


def _make_room(into: Path, tables: set[str]) -> None:
    """Mark a folder as an export, and take away what an earlier export wrote there under the names that come now. Raises
    WarehouseError where it holds something else."""
    if into.is_symlink() or (into.exists() and not into.is_dir()):
        raise WarehouseError(f"{into} is no folder; name another --out")
    into.mkdir(parents=True, exist_ok=True)
    mark = into / MARK
    if mark.is_symlink() or (any(into.iterdir()) and not mark.is_file()):
        raise WarehouseError(f"{into} is not empty and holds no export; name another --out")
    mark.write_text(MARKED)
    for path in into.iterdir():
        if path.name in BESIDE or (path.stem in tables and path.suffix in ("", ".csv", ".jsonl")):
            ours.remove(path)


Write = Callable[[duckdb.DuckDBPyConnection, Table], None]


def _ordered(table: Table) -> str:
    return f"select {', '.join(table.names)} from {table.name} order by {', '.join(table.key)}"


def _read(connection: duckdb.DuckDBPyConnection, table: Table) -> Batches:
    reader = connection.sql(_ordered(table)).to_arrow_reader(ROWS)
    return pa.RecordBatchReader.from_batches(
        table.schema,
        (pa.Table.from_batches([b]).cast(table.schema).to_batches()[0] for b in reader if b.num_rows),
    )


def _csv(into: Path) -> Write:
    """UTF-8, RFC 4180, a header; a list is a JSON array; a text that a spreadsheet would take for a formula has an apostrophe
    before it."""

    def write(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        columns = ", ".join(f"{_cell(c)} as {c.name}" for c in table.columns)
        path = quoted(str(into / f"{table.name}.csv"))
        connection.execute(
            f"copy (select {columns} from {table.name} order by {', '.join(table.key)}) to {path} (format csv, header)"
        )

    return write


def _cell(column: Column) -> str:
    if "list" in column.type:
        return f"to_json({column.name})"
    if column.type != "string":
        return column.name
    return f"case when regexp_matches({column.name}, '^[=+@\\t\\r-]') then '''' || {column.name} else {column.name} end"


def _jsonl(into: Path) -> Write:
    """One JSON object a line."""

    def write(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        path = quoted(str(into / f"{table.name}.jsonl"))
        connection.execute(f"copy ({_ordered(table)}) to {path} (format json)")

    return write


def _delta(into: Path) -> Write:
    """A Delta table a folder."""
    from deltalake import write_deltalake

    def write(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        write_deltalake(
            str(into / table.name), _read(connection, table), mode="overwrite", description=table.grain
        )

    return write


def _iceberg(into: Path) -> Write:
    """Iceberg tables in the namespace `warwire` of an SQLite catalog, `catalog.db`; the paths in it are absolute."""
    from pyiceberg.catalog.sql import SqlCatalog

    root = into.resolve()
    catalog = SqlCatalog("warwire", uri=f"sqlite:///{root}/catalog.db", warehouse=f"file://{root}")
    catalog.create_namespace("warwire")

    def write(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        described = {"comment": table.grain}
        made = catalog.create_table(f"warwire.{table.name}", schema=table.schema, properties=described)
        for batch in _read(connection, table):
            made.append(pa.Table.from_batches([batch]))

    return write


WRITERS: Mapping[str, Callable[[Path], Write]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "delta": _delta,
    "iceberg": _iceberg,
}


def describe(tables: Sequence[Table], folder: Path, kind: str) -> dict[str, Any]:
    """A Frictionless Data Package (v1) of the tables' files: `kind` is csv, jsonl or parquet."""
    return {
        "profile": "tabular-data-package" if kind == "csv" else "data-package",
        "name": "warwire",
        "title": "Records read from news about armed conflict",
        "resources": [_resource(table, folder, kind) for table in tables],
    }


def _resource(table: Table, folder: Path, kind: str) -> dict[str, Any]:
    paths = sorted(folder.glob(f"{table.name}.{kind}")) or sorted((folder / table.name).glob(f"*.{kind}"))
    resource: dict[str, Any] = {
        "name": table.name,
        "description": table.grain,
        "path": [str(p.relative_to(folder)) for p in paths],
        "format": kind,
        "encoding": "utf-8",
        "schema": {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key)},
    }
    if len(paths) == 1:
        resource |= {
            "path": resource["path"][0],
            "bytes": paths[0].stat().st_size,
            "hash": f"sha256:{hash_file(paths[0])}",
        }
    return resource


def _field(column: Column) -> dict[str, Any]:
    rules: dict[str, Any] = {} if column.null else {"required": True}
    if column.values:
        rules["enum"] = list(column.values)
    field: dict[str, Any] = {
        "name": column.name,
        "type": FIELD_TYPES[column.type],
        "description": column.about,
    }
    return field | ({"constraints": rules} if rules else {})
