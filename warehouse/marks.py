"""The decisions over all documents, in SQL, out of core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from transforms.schema import Table
from warehouse.lake import write_parquet

MARKS = sorted((Path(__file__).parent / "sql" / "marks").glob("*.sql"))
UNTIL_NONE = {"6_gather": "ungathered"}  # run again while this view has rows


@dataclass(frozen=True)
class Marked:
    """What marking wrote: {part: hash of its marks}, and the whole tables it decided."""

    parts: Mapping[str, str]
    whole: Mapping[str, pa.Table]


def mark(
    stage: Path,
    documents: Mapping[str, str],
    first_source: Mapping[str, str],
    into: Path,
    part_tables: Sequence[Table],
    whole_tables: Sequence[Table],
    memory: str | None = None,
) -> Marked:
    """Decide what repeats, when things were published and what is one story, over the staged documents.

    `documents` is {document_id: the part it is read from}, `first_source` {document_id: source_uri}. Writes
    `into`/<part>/<table>.parquet for every part and table of `part_tables`, rows by key.
    """
    connection = connect(memory, into)
    parts = sorted(set(documents.values()))
    use = pa.table(
        {
            "document_id": pa.array(documents.keys(), pa.string()),
            "part": pa.array(documents.values(), pa.string()),
            "source_uri": pa.array([first_source[d] for d in documents], pa.string()),
        }
    )
    connection.register("use", use)
    connection.execute("create table documents_in as from use")
    for name in ("staged_blocks", "staged_prints", "staged_headers"):
        files = [str(stage / part / f"{name}.parquet") for part in parts]
        if not files:
            return Marked({}, {t.name: t.empty() for t in whole_tables})
        connection.execute(
            f"create view {name} as select d.part, s.* exclude (filename) from read_parquet($files, filename = true) s "
            "join documents_in d on d.document_id = s.document_id "
            "and parse_filename(parse_path(s.filename)[-2]) = d.part".replace("$files", _list(files))
        )
    for script in MARKS:
        _run(connection, script)
    hashes = {}
    for part in parts:
        written = []
        for table in part_tables:
            rows = connection.sql(
                f"select {', '.join(table.names)} from {table.name} where part = $part order by {', '.join(table.key)}",
                params={"part": part},
            ).to_arrow_table()
            path = into / part / f"{table.name}.parquet"
            written.append(write_parquet(rows.cast(table.schema), path))
        hashes[part] = " ".join(written)
    whole = {
        t.name: t.check(connection.sql(f"select {', '.join(t.names)} from {t.name}").to_arrow_table().cast(t.schema))
        for t in whole_tables
    }
    connection.close()
    return Marked(hashes, whole)


def _run(connection: duckdb.DuckDBPyConnection, script: Path) -> None:
    sql = script.read_text(encoding="utf-8")
    if left := UNTIL_NONE.get(script.stem):
        while connection.sql(f"select 1 from {left} limit 1").fetchall():
            connection.execute(sql)
    else:
        connection.execute(sql)


def connect(memory: str | None, spill: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that spills to a folder."""
    spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:", config={"temp_directory": str(spill / "spill"), "autoinstall_known_extensions": False}
    )
    if memory:
        connection.execute("set memory_limit = $memory", {"memory": memory})
    return connection


def _list(files: Sequence[str]) -> str:
    return "[" + ", ".join("'" + f.replace("'", "''") + "'" for f in files) + "]"
