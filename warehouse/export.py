"""The tables in other formats, for lakes and tools elsewhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.schema import Column, Table
from warehouse.lake import WarehouseError, hash_file

ROWS = 100_000  # at a time
FIELD_TYPES = {
    "string": "string", "int32": "integer", "int64": "integer", "double": "number", "boolean": "boolean", "date32": "date", "timestamp": "datetime",
    "list<string>": "array", "list<int32>": "array", "list<int64>": "array",
}  # fmt: skip
"""Frictionless Table Schema (v1) types of the declared ones."""

Batches = pa.RecordBatchReader


def export_tables(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], kind: str, into: Path
) -> Iterator[tuple[str, int]]:
    """Write tables into a folder as csv, jsonl, delta or iceberg, with a Frictionless datapackage.json beside the files of the
    first two: (table, rows), one by one. Raises WarehouseError where the folder holds something else or a library is missing.
    """
    if into.exists() and any(into.iterdir()) and not (into / MARK).exists():
        raise WarehouseError(f"{into} is not empty and holds no export; name another --out")
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    (into / MARK).write_text("This folder is written by `warwire export`, which empties it first.\n")
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
        (into / "datapackage.json").write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", "utf-8")


MARK = "written-by-warwire.txt"
Write = Callable[[duckdb.DuckDBPyConnection, Table], None]


def _ordered(table: Table) -> str:
    return f"select {', '.join(table.names)} from {table.name} order by {', '.join(table.key)}"


def _read(connection: duckdb.DuckDBPyConnection, table: Table) -> Batches:
    reader = connection.sql(_ordered(table)).to_arrow_reader(ROWS)
    return pa.RecordBatchReader.from_batches(
        table.schema, (pa.Table.from_batches([b]).cast(table.schema).to_batches()[0] for b in reader if b.num_rows)
    )


def _csv(into: Path) -> Write:
    """UTF-8, RFC 4180, a header; a list is a JSON array."""

    def write(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        columns = ", ".join(f"to_json({c.name}) as {c.name}" if "list" in c.type else c.name for c in table.columns)
        path = str(into / f"{table.name}.csv").replace("'", "''")
        connection.execute(
            f"copy (select {columns} from {table.name} order by {', '.join(table.key)}) to '{path}' (format csv, header)"
        )

    return write


def _jsonl(into: Path) -> Write:
    """One JSON object a line."""

    def write(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        path = str(into / f"{table.name}.jsonl").replace("'", "''")
        connection.execute(f"copy ({_ordered(table)}) to '{path}' (format json)")

    return write


def _delta(into: Path) -> Write:
    """A Delta table a folder."""
    from deltalake import write_deltalake

    def write(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        write_deltalake(str(into / table.name), _read(connection, table), mode="overwrite", description=table.grain)

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


WRITERS: Mapping[str, Callable[[Path], Write]] = {"csv": _csv, "jsonl": _jsonl, "delta": _delta, "iceberg": _iceberg}


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
    field: dict[str, Any] = {"name": column.name, "type": FIELD_TYPES[column.type], "description": column.about}
    return field | ({"constraints": rules} if rules else {})
