"""The data dictionary, from the declarations of tables and views."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.schema import Table
from warehouse.catalog import described, read_views


def render_dictionary(tables: Sequence[Table]) -> str:
    """docs/dictionary.md as text."""
    lines = [
        "# Data dictionary",
        "",
        "Written by `make docs` from the declarations in `transforms/` and the comments in `warehouse/sql/views/`; the same",
        "words are comments in `warehouse.duckdb` and metadata in every Parquet file. Offsets count Unicode characters from 0;",
        "an end is one past the last.",
        "",
        "## Tables",
        "",
    ]
    for table in tables:
        lines += [f"### {table.name}", "", f"{table.grain} Key: {', '.join(f'`{k}`' for k in table.key)}.", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        lines += [
            f"| {c.name} | {c.type}{'' if c.null else ', never null'} | {described(c).replace('|', chr(92) + '|')} |"
            for c in table.columns
        ]
        lines.append("")
    lines += ["## Views", ""]
    for view in read_views():
        lines += [f"### {view.name}", "", view.about, "", "| column | meaning |", "|---|---|"]
        lines += [f"| {name} | {about.replace('|', chr(92) + '|')} |" for name, about in view.columns]
        lines.append("")
    return "\n".join(lines)
