"""warehouse.duckdb: the tables and views over a snapshot's Parquet, each with its description."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa

import transforms.schema
import warehouse.views as views_module
from transforms.schema import Table
from warehouse import ours
from warehouse.engine import as_glob, confine, connect, quoted, quoted_files
from warehouse.files import sync_file
from warehouse.lake import Lake
from warehouse.manifest import Manifest, WarehouseError
from warehouse.views import SQL, View, described, read_by, read_views


@lru_cache
def declared_hash() -> str:
    """Hash of every file that tables are declared in."""
    return _hash(sorted(Path(transforms.schema.__file__).parent.rglob("*.py")))


@lru_cache
def code_hash() -> str:
    """Hash of what makes a catalog: the declared tables, the views, this file."""
    return declared_hash() + _hash(
        [Path(__file__), Path(views_module.__file__), *sorted((SQL / "views").glob("*.sql"))]
    )


def _hash(files: Sequence[Path]) -> str:
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]


def build_catalog(lake: Lake, snapshot: str, tables: Sequence[Table], path: Path) -> None:
    """Write a DuckDB file at `path` whose views read a snapshot by its absolute path, from any working directory."""
    with connect(None, None) as connection:
        connection.execute(f"attach {quoted(str(path))} as new (storage_version 'v1.2.0')")
        connection.execute("use new")
        connection.execute("begin")
        connection.execute(
            "create table warwire_catalog as select $root as root, $snapshot as snapshot, $code as code",
            {"root": str(lake.root.resolve()), "snapshot": snapshot, "code": code_hash()},
        )
        connection.execute(
            "comment on table warwire_catalog is 'Which folder and snapshot the views read, and which code made them.'"
        )
        for table in tables:
            _create_table(connection, table, _folder(lake, snapshot, table.name, table.where == "log"))
            _comment(
                connection,
                table.name,
                f"{table.grain} Key: {', '.join(table.key)}.",
                [(c.name, described(c)) for c in table.columns],
            )
        _create_views(connection, lake.snapshot_dir(snapshot).resolve(), read_views())
        connection.execute("commit")
        connection.execute("use memory")
        connection.execute("detach new")


def _folder(lake: Lake, snapshot: str, table: str, log: bool) -> Path:
    """Where a table's Parquet lies, by its absolute path."""
    return (lake.root / "runs" if log else lake.snapshot_dir(snapshot)).resolve() / table


def _parquet(folder: Path, union: bool = False) -> str | None:
    """What reads a folder's Parquet; `union` where its files need not have the same columns. None where it has none."""
    files = sorted(folder.rglob("*.parquet"))
    if not files:
        return None
    # DuckDB takes a backslash in a pattern for a separator; a file named whole is found
    where = quoted_files(files) if "\\" in str(folder) else quoted(f"{as_glob(folder)}/**/*.parquet")
    return f"read_parquet({where}, union_by_name = {str(union).lower()}, hive_partitioning = false)"


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    """A table's view with the declared columns. One that was declared after its files were written is null, one without files
    empty."""
    rows = _parquet(folder, table.where == "log")  # within a snapshot all files of a table are alike
    there = {name for name, *_ in connection.execute(f"describe from {rows}").fetchall()} if rows else set()
    columns = ", ".join(
        n if n in there else f"null::{SQL_TYPES[c.type]} as {n}" for c in table.columns for n in [c.name]
    )
    connection.execute(
        f"create view {table.name} as select {columns} {f'from {rows}' if rows else 'where false'}"
    )


SQL_TYPES = {
    "string": "varchar",
    "int32": "integer",
    "int64": "bigint",
    "double": "double",
    "boolean": "boolean",
    "date32": "date",
    "timestamp": "timestamptz",
    "list<string>": "varchar[]",
    "list<int32>": "integer[]",
    "list<int64>": "bigint[]",
}


def _create_views(
    connection: duckdb.DuckDBPyConnection, folder: Path, views: Sequence[View], commented: bool = True
) -> None:
    """Create views, those that others read first; a stored one reads what the snapshot's folder has of it."""
    waiting = {view.name: view for view in views}
    while waiting:
        ready = [
            v
            for v in waiting.values()
            if not any(re.search(rf"\b{n}\b", v.sql.split("select", 1)[1]) for n in waiting if n != v.name)
        ]
        if not ready:
            raise WarehouseError(f"views that read each other in a circle: {', '.join(waiting)}")
        for view in ready:
            rows = _parquet(folder / view.name) if view.stored else None
            columns = (
                {name for name, *_ in connection.execute(f"describe from {rows}").fetchall()}
                if rows
                else set()
            )
            stands = rows and columns >= {
                name for name, _ in view.columns
            }  # else counted by code that has less of it
            sql = f"from {rows}" if stands else view.sql
            connection.execute(f"create view {view.name} as {sql}")
            if commented:
                _comment(connection, view.name, view.about, view.columns)
            del waiting[view.name]


def _comment(
    connection: duckdb.DuckDBPyConnection, name: str, about: str, columns: Sequence[tuple[str, str]]
) -> None:
    comments = [f'comment on column {name}."{column}" is {quoted(text)}' for column, text in columns]
    connection.execute("; ".join([f"comment on view {name} is {quoted(about)}", *comments]))


def open_catalog(
    lake: Lake,
    tables: Callable[[], Sequence[Table]],
    memory: str | None = None,
    spill: Path | None = None,
    commented: bool = False,
    writes: Sequence[Path] = (),
) -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only, through views made here and now of our own SQL: what `warehouse.duckdb` holds may be anybody's.
    Nothing can be read but the warehouse's Parquet and nothing written but below `writes`. On the way a `warehouse.duckdb` that
    is missing, broken, or reads another folder or snapshot is written anew. The tables' declarations are asked for where
    they are needed: with the descriptions (`commented`), or where other code wrote the snapshot.

    Raises WarehouseError where there is no warehouse, or files of it are missing.
    """
    snapshot = lake.current()
    if snapshot is None:
        raise WarehouseError(
            f"no warehouse at {lake.root}; build one with: warwire run INPUT --warehouse {lake.root}"
        )
    lake.refuse_odd_path()
    manifest = lake.manifest()
    if not lake.is_whole(manifest):
        raise WarehouseError(
            f"files of the snapshot {snapshot} are missing; `warwire run` with its inputs mends it"
        )
    if not _is_fresh(lake, snapshot) and lake.is_ours() and os.access(lake.root, os.W_OK):
        with suppress(WarehouseError):  # a full disk keeps nobody from reading
            publish_catalog(lake, snapshot, tables())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        if commented or manifest.built_by != declared_hash() or not _build_bare(lake, manifest, path):
            build_catalog(lake, snapshot, tables(), path)
        connection = connect(memory, spill, path, read_only=True)
    confine(connection, [lake.snapshot_dir(snapshot).resolve(), (lake.root / "runs").resolve(), *writes])
    return connection


def _build_bare(lake: Lake, manifest: Manifest, path: Path) -> bool:
    """A catalog without descriptions over a snapshot whose files have just the columns that are declared; False, and no file,
    where they have not."""
    views = read_views()
    logs = [f.name for f in ours.named(lake.root / "runs", ours.TABLE.fullmatch)]
    names = [(n, False) for n in manifest.files if n not in {v.name for v in views}] + [
        (n, True) for n in logs
    ]
    try:
        with connect(None, None) as connection:
            connection.execute(f"attach {quoted(str(path))} as new")
            connection.execute("use new")
            connection.execute("begin")
            for name, log in names:
                connection.execute(
                    f"create view {name} as from {_parquet(_folder(lake, manifest.snapshot, name, log), log)}"
                )
            _create_views(connection, lake.snapshot_dir(manifest.snapshot).resolve(), views, commented=False)
            connection.execute("commit")
            connection.execute("use memory")
            connection.execute("detach new")
    except duckdb.Error:
        path.unlink(missing_ok=True)
        return False
    return True


def _is_fresh(lake: Lake, snapshot: str) -> bool:
    """Whether warehouse.duckdb is one that this code made of this folder and snapshot. It is looked at with nothing else in
    reach, and only a table is read: a view could be any query."""
    if lake.catalog.is_symlink() or not lake.catalog.exists():
        return False
    closed: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "enable_external_access": False,
    }
    try:
        with duckdb.connect(str(lake.catalog), read_only=True, config=closed) as connection:
            tables = connection.sql(
                "select 1 from duckdb_tables() where table_name = 'warwire_catalog'"
            ).fetchall()
            rows = (
                connection.sql("select root, snapshot, code from warwire_catalog").fetchall()
                if tables
                else []
            )
    except duckdb.Error:
        return False
    return rows == [(str(lake.root.resolve()), snapshot, code_hash())]


def publish_catalog(lake: Lake, snapshot: str, tables: Sequence[Table]) -> None:
    """Put a catalog of the snapshot in place of the old one, in one step; open readers keep what they opened."""
    try:
        replace_catalog(lake, write_catalog(lake, snapshot, tables))
    except (OSError, duckdb.IOException) as error:
        raise WarehouseError(
            f"{lake.catalog} cannot be written ({error}); choose another place or make it writable"
        ) from error


def write_catalog(lake: Lake, snapshot: str, tables: Sequence[Table]) -> Path:
    """A catalog of the snapshot beside the current one, not yet in its place."""
    path = ours.unfinished(lake.catalog)
    with tempfile.TemporaryDirectory() as folder:  # DuckDB cannot write a database where a `?` is in the path
        made = Path(folder) / "warehouse.duckdb"
        build_catalog(lake, snapshot, tables, made)
        shutil.copyfile(made, path)
    sync_file(path)
    return path


def replace_catalog(lake: Lake, written: Path) -> None:
    """Put a written catalog in place."""
    written.replace(lake.catalog)
    lake.link()


def write_stored(
    folder: Path, tables: Sequence[Table], memory: str | None, spill: Path
) -> dict[str, pa.Table]:
    """The stored views over the tables of a snapshot's folder, each as Arrow with its descriptions."""
    found = {}
    with connect(memory, spill) as connection:
        views = {v.name: v for v in read_views()}
        needed = read_by([v.sql for v in views.values() if v.stored], views)
        for table in tables:
            if table.name in needed and table.where != "log":
                _create_table(connection, table, folder / table.name)
        _create_views(
            connection, folder, [v for v in views.values() if v.stored or v.name in needed], commented=False
        )
        for view in (v for v in views.values() if v.stored):
            rows = connection.sql(f"from {view.name}").to_arrow_table()
            about = dict(view.columns)
            fields = [f.with_metadata({"description": about[f.name]}) for f in rows.schema]
            found[view.name] = rows.cast(pa.schema(fields, {"table": view.name, "description": view.about}))
    return found
