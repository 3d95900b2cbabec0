"""warehouse.duckdb: the tables and views over a snapshot's Parquet, each with its description."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.schema import Column, Table
from warehouse.engine import connect
from warehouse.lake import Lake, WarehouseError

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
    columns = [(m[1], m[2]) for line in sql.split("\n") if line.startswith(" ") and (m := COLUMN_COMMENT.search(line))]
    behind = BEHIND.search(sql)
    keys = tuple((a, b) for a, _, b in (k.partition("=") for k in behind[2].split())) if behind else ()
    about = " ".join(line for line in header if line != STORED and not line.startswith("behind: "))
    return View(path.stem, about, tuple(columns), sql, behind[1] if behind else "", keys, STORED in header)


def write_stored(folder: Path, tables: Sequence[Table], memory: str | None, spill: Path) -> dict[str, pa.Table]:
    """The stored views over the tables of a snapshot's folder, each as Arrow with its descriptions."""
    found = {}
    with connect(memory, spill) as connection:
        views = {v.name: v for v in read_views()}
        needed = _read_by([v.sql for v in views.values() if v.stored], views)
        for table in tables:
            if table.name in needed and table.where != "log":
                _create_table(connection, table, folder / table.name)
        _create_views(connection, folder, [v for v in views.values() if v.stored or v.name in needed], commented=False)
        for view in (v for v in views.values() if v.stored):
            rows = connection.sql(f"from {view.name}").to_arrow_table()
            about = dict(view.columns)
            fields = [f.with_metadata({"description": about[f.name]}) for f in rows.schema]
            found[view.name] = rows.cast(pa.schema(fields, {"table": view.name, "description": view.about}))
    return found


def build_catalog(lake: Lake, snapshot: str, tables: Sequence[Table], path: Path) -> None:
    """Write a DuckDB file at `path` whose views read a snapshot by its absolute path, from any working directory."""
    path.unlink(missing_ok=True)
    root = lake.root.resolve()
    with duckdb.connect() as connection:
        connection.execute(f"attach {_quoted(str(path))} as new (storage_version 'v1.2.0')")
        connection.execute("use new")
        connection.execute("begin")
        connection.execute(
            "create table warwire_catalog as select $root as root, $snapshot as snapshot",
            {"root": str(root), "snapshot": snapshot},
        )
        connection.execute("comment on table warwire_catalog is 'Which folder and snapshot the views read.'")
        for table in tables:
            folder = (
                root / "runs" / table.name
                if table.where == "log"
                else lake.snapshot_dir(snapshot).resolve() / table.name
            )
            _create_table(connection, table, folder)
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


def _parquet(folder: Path, union: bool = False) -> str:
    """What reads a folder's Parquet; `union` where its files need not have the same columns."""
    glob = _quoted(str(folder / "**" / "*.parquet"))
    return f"read_parquet({glob}, union_by_name = {str(union).lower()}, hive_partitioning = false)"


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    rows = _parquet(folder, table.where == "log")  # within a snapshot all files of a table are alike
    connection.execute(f"create view {table.name} as select {_columns(connection, table, rows)} from {rows}")


SQL_TYPES = {
    "string": "varchar", "int32": "integer", "int64": "bigint", "double": "double", "boolean": "boolean", "date32": "date",
    "timestamp": "timestamptz", "list<string>": "varchar[]", "list<int32>": "integer[]", "list<int64>": "bigint[]",
}  # fmt: skip


def _columns(connection: duckdb.DuckDBPyConnection, table: Table, rows: str) -> str:
    """The declared columns of a table; one that files from before it was declared lack is null."""
    there = {name for name, *_ in connection.execute(f"describe from {rows}").fetchall()}
    return ", ".join(n if n in there else f"null::{SQL_TYPES[c.type]} as {n}" for c in table.columns for n in [c.name])


def described(column: Column) -> str:
    """A column's meaning with its values."""
    return column.about + (f" One of: {', '.join(column.values)}." if column.values else "")


def _read_by(queries: Sequence[str], views: dict[str, View]) -> set[str]:
    """Every name that queries read from, and what the views among these read."""
    names = {m[1] for sql in queries for m in READS.finditer(sql)}
    inner = [views[n].sql for n in names if n in views]
    return names | (_read_by(inner, {n: v for n, v in views.items() if n not in names}) if inner else set())


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
            stands = view.stored and (folder / view.name).exists()
            sql = f"from {_parquet(folder / view.name)}" if stands else view.sql
            connection.execute(f"create view {view.name} as {sql}")
            if commented:
                _comment(connection, view.name, view.about, view.columns)
            del waiting[view.name]


def _comment(connection: duckdb.DuckDBPyConnection, name: str, about: str, columns: Sequence[tuple[str, str]]) -> None:
    comments = [f'comment on column {name}."{column}" is {_quoted(text)}' for column, text in columns]
    connection.execute("; ".join([f"comment on view {name} is {_quoted(about)}", *comments]))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def open_catalog(lake: Lake, tables: Callable[[], Sequence[Table]]) -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only. A moved, copied or half-published one is mended first: its views are
    written anew; only then are the tables' declarations asked for.

    Raises WarehouseError where there is none.
    """
    snapshot = lake.current()
    if snapshot is None:
        raise WarehouseError(f"no warehouse at {lake.root}; build one with: warwire run INPUT --warehouse {lake.root}")
    if connection := _open_for(lake, snapshot):
        return connection
    if not os.access(lake.root, os.W_OK):
        return _open_aside(lake, snapshot, tables())
    publish_catalog(lake, snapshot, tables())
    if connection := _open_for(lake, snapshot):
        return connection
    raise WarehouseError(f"{lake.catalog} cannot be opened; another program may hold it for writing")


def _open_aside(lake: Lake, snapshot: str, tables: Sequence[Table]) -> duckdb.DuckDBPyConnection:
    """The warehouse in a place that cannot be written: through a catalog beside it, gone once it is open."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        build_catalog(lake, snapshot, tables, path)
        return duckdb.connect(str(path), read_only=True, config={"autoinstall_known_extensions": False})


def _open_for(lake: Lake, snapshot: str) -> duckdb.DuckDBPyConnection | None:
    """The catalog opened read-only, or None where it is missing, broken, or reads another folder or snapshot."""
    try:
        connection = duckdb.connect(str(lake.catalog), read_only=True, config={"autoinstall_known_extensions": False})
        rows = connection.sql("select root, snapshot from warwire_catalog").fetchall()
    except duckdb.Error:
        return None
    if rows == [(str(lake.root.resolve()), snapshot)]:
        return connection
    connection.close()
    return None


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
    path = lake.root / f".warehouse.tmp{os.getpid()}.duckdb"
    build_catalog(lake, snapshot, tables, path)
    return path


def replace_catalog(lake: Lake, written: Path) -> None:
    """Put a written catalog in place."""
    written.replace(lake.catalog)
    lake.link()


def first_rows(connection: duckdb.DuckDBPyConnection, view: str, rows: int) -> list[dict[str, Any]]:
    """A view's first rows, with values that JSON takes."""
    found = connection.sql(f"from {view} limit {rows:d}")
    plain = (str, int, float, bool, type(None))
    return [
        {name: v if isinstance(v, plain) else str(v) for name, v in zip(found.columns, row, strict=True)}
        for row in found.fetchall()
    ]


@dataclass(frozen=True)
class UnknownName:
    """A name nobody knew: how often, and where it stands: (text of the paragraph, start, end), some of them."""

    name: str
    mentions: int
    articles: int
    example_id: str
    contexts: list[tuple[str, int, int]]


def unknown_names(connection: duckdb.DuckDBPyConnection, limit: int) -> list[UnknownName]:
    """The unknown names that most articles print."""
    rows = connection.sql(
        "with names as (from unresolved_names where problem = 'unknown' order by articles desc, mentions desc, name limit $limit), "
        "placed as (select u.surface, p.text, u.start_char - p.start_char as start_char, u.end_char - p.start_char as end_char, "
        "row_number() over (partition by u.surface order by u.unknown_name_id) as n "
        "from unknown_names u join paragraphs p using (paragraph_id) where u.start_char is not null and p.start_char is not null) "
        "select n.name, n.mentions, n.articles, n.example_id, coalesce(list((p.text, p.start_char, p.end_char)) filter (p.text is not null), []) "
        "from names n left join placed p on p.surface = n.name and p.n <= 20 group by all order by n.articles desc, n.mentions desc, n.name",
        params={"limit": limit},
    ).fetchall()
    return [UnknownName(*row) for row in rows]


@dataclass(frozen=True)
class Stock:
    """What a warehouse holds: rows by table, articles in languages that are not read, rejects (source, reason, detail)."""

    counts: dict[str, int]
    not_read: int
    rejected: list[tuple[str, str, str]]


def take_stock(connection: duckdb.DuckDBPyConnection, languages: frozenset[str]) -> Stock:
    """Count what stands; `languages` are those the lexicon has names for."""
    counted = ("documents", "paragraphs", "articles", "stories", "mentions")
    columns = ", ".join(f"(select count(*) from {name})" for name in counted)
    (row,) = connection.sql(
        f"select {columns}, (select count(*) from paragraphs where kept), "
        "(select count(*) from articles where language is not null and not list_contains($languages, language))",
        params={"languages": sorted(languages)},
    ).fetchall()
    rejected = connection.sql("select source_uri, reason, detail from rejects order by source_uri").fetchall()
    return Stock({**dict(zip(counted, row, strict=False)), "paragraphs_kept": row[-2]}, row[-1], rejected)
