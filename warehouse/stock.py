"""What stands: counts, first rows, names nobody knew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb


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
    """What a warehouse holds: rows by table, articles in languages that are not read, rejects (source, reason, detail, for how
    many records)."""

    counts: dict[str, int]
    not_read: int
    rejected: list[tuple[str, str, str, int]]


def take_stock(connection: duckdb.DuckDBPyConnection, languages: frozenset[str]) -> Stock:
    """Count what stands; `languages` are those the lexicon has names for."""
    counted = ("documents", "paragraphs", "articles", "stories", "mentions")
    columns = ", ".join(f"(select count(*) from {name})" for name in counted)
    (row,) = connection.sql(
        f"select {columns}, (select count(*) from paragraphs where kept), "
        "(select count(*) from articles where language is not null and not list_contains($languages, language))",
        params={"languages": sorted(languages)},
    ).fetchall()
    rejected = connection.sql(
        "select source_uri, reason, detail, coalesce(records, 1) from rejects order by source_uri"
    ).fetchall()
    return Stock({**dict(zip(counted, row, strict=False)), "paragraphs_kept": row[-2]}, row[-1], rejected)
