"""The data dictionary, from the declarations of tables and views, with an example of each column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import duckdb

from transforms.schema import Column, Table
from warehouse.views import described, read_views

LONGEST_EXAMPLE = 48  # characters of an example


def render_dictionary(
    tables: Sequence[Table], seeds: Sequence[Table], connection: duckdb.DuckDBPyConnection
) -> str:
    """docs/dictionary.md as text; examples come from the warehouse of the samples (the logs, which hold clock times, have none)."""
    lines = [
        "# Data dictionary",
        "",
        "Written by `make docs` from the declarations in `transforms/` and the comments in `warehouse/sql/views/`; the same",
        "words are comments in `warehouse.duckdb` and metadata in every Parquet file. Offsets count Unicode characters from 0;",
        "an end is one past the last. Examples are from the sample warehouse (`make run`).",
        "",
        "## Tables",
        "",
    ]
    for table in tables:
        shown = {} if table.where == "log" else _examples(connection, table.name, table.names, table.key)
        lines += [
            f"### {table.name}",
            "",
            f"{table.grain} Key: {', '.join(f'`{k}`' for k in table.key)}.",
            "",
        ]
        lines += ["| column | type | meaning | example |", "|---|---|---|---|"]
        lines += [
            f"| {c.name} | {c.type}{'' if c.null else ', never null'} | {_cell(described(c))}{_links(c)} | {shown.get(c.name, '')} |"
            for c in table.columns
        ]
        lines.append("")
    lines += ["## Views", ""]
    for view in read_views():
        names = [name for name, _ in view.columns]
        shown = _examples(connection, view.name, names, names)
        kept = " Kept as Parquet in each snapshot as well." if view.stored else ""
        lines += [
            f"### {view.name}",
            "",
            view.about + kept,
            "",
            "| column | meaning | example |",
            "|---|---|---|",
        ]
        lines += [f"| {name} | {_cell(about)} | {shown.get(name, '')} |" for name, about in view.columns]
        lines.append("")
    lines += [
        "## Seed tables",
        "",
        "The CSV files of a lexicon, see [lexicon.md](lexicon.md). A column that is not needed may be left out, or left empty in a row.",
        "",
    ]
    for table in seeds:
        lines += [
            f"### {table.name}.csv",
            "",
            f"{table.grain} Key: {', '.join(f'`{k}`' for k in table.key)}.",
            "",
        ]
        lines += ["| column | needed | meaning |", "|---|---|---|"]
        lines += [
            f"| {c.name} | {'' if c.null else 'yes'} | {_cell(described(c))}{_links(c)} |"
            for c in table.columns
        ]
        lines.append("")
    return "\n".join(lines)


def _links(column: Column) -> str:
    return f" Leads to {' or '.join(f'`{to}`' for to in column.links)}." if column.links else ""


def _examples(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], order: Sequence[str]
) -> Mapping[str, str]:
    """A column's first value that is not null, by the order given, as a cell."""
    by = ", ".join(f'"{k}"' for k in order)
    firsts = ", ".join(f'first("{c}" order by {by}) filter ("{c}" is not null)' for c in columns)
    (row,) = connection.sql(f"select {firsts} from {name}").fetchall()
    return {c: _example(value) for c, value in zip(columns, row, strict=True) if value is not None}


def _example(value: object) -> str:
    text = re.sub(r"^/.*(?=/seeds/raw/)", "...", " ".join(str(value).split()))
    cut = text if len(text) <= LONGEST_EXAMPLE else f"{text[: LONGEST_EXAMPLE - 3]}..."
    return f"`{_cell(cut)}`" if cut and "`" not in cut else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
