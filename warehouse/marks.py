"""The decisions over all documents, in SQL, out of core."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from transforms.schema import Table
from warehouse.engine import connect, quoted_files
from warehouse.files import write_parquet

MARKS = sorted((Path(__file__).parent / "sql" / "marks").glob("*.sql"))
PARTS_AT_ONCE = 25  # of a thousand documents each: some 100 MB of marks
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
        files = [stage / part / f"{name}.parquet" for part in parts]
        if not files:
            return Marked({}, {t.name: t.empty() for t in whole_tables})
        connection.execute(
            f"create view {name} as select d.part, s.* exclude (filename) from read_parquet($files, filename = true) s "
            "join documents_in d on d.document_id = s.document_id "
            "and parse_filename(parse_path(s.filename)[-2]) = d.part".replace("$files", quoted_files(files))
        )
    for script in MARKS:
        _run(connection, script)
    hashes: dict[str, str] = dict.fromkeys(parts, "")
    for table in part_tables:
        for part, rows in _by_part(connection, table, parts):
            hashes[part] += write_parquet(rows, into / part / f"{table.name}.parquet")
    whole = {
        t.name: t.check(
            connection.sql(f"select {', '.join(t.names)} from {t.name}").to_arrow_table().cast(t.schema)
        )
        for t in whole_tables
    }
    connection.close()
    return Marked(hashes, whole)


def _by_part(
    connection: duckdb.DuckDBPyConnection, table: Table, parts: Sequence[str]
) -> Iterator[tuple[str, pa.Table]]:
    """A marked table's rows part by part, by key; the query runs once for many parts."""
    for at in range(0, len(parts), PARTS_AT_ONCE):
        some = parts[at : at + PARTS_AT_ONCE]
        rows = connection.sql(
            f"select part, {', '.join(table.names)} from {table.name} where part between $first and $last "
            f"order by part, {', '.join(table.key)}",
            params={"first": some[0], "last": some[-1]},
        ).to_arrow_table()
        lengths = Counter(rows["part"].to_pylist())
        bare = rows.drop_columns("part").cast(table.schema)
        start = 0
        for part in some:
            length = lengths[part]
            yield part, bare.slice(start, length).combine_chunks()
            start += length


def _run(connection: duckdb.DuckDBPyConnection, script: Path) -> None:
    sql = script.read_text(encoding="utf-8")
    if left := UNTIL_NONE.get(script.stem):
        while connection.sql(f"select 1 from {left} limit 1").fetchall():
            connection.execute(sql)
    else:
        connection.execute(sql)
