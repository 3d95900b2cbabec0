"""From any row, or any number in a view, back to the characters it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from transforms.schema import Table
from warehouse.manifest import WarehouseError
from warehouse.views import View, read_views

BEHIND = {
    "counted_mentions": "mentions",
    "outlet_mentions": "mentions",
    "counted_claims": "attributions",
    "control_tellings": "events",
}
"""What a view counts, where that is a view itself: the table its rows are of."""
CONTEXT = 200  # characters of the raw document shown on either side where there is no sentence


@dataclass(frozen=True)
class Place:
    """Where a row stands: the raw document, the characters of it, the paragraph around them, the line in the file."""

    source_uri: str
    start: int
    end: int
    line: int
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Explained:
    """A row: its table, its columns, and its place (None for a row that stands nowhere in a text)."""

    table: str
    row: dict[str, Any]
    place: Place | None


@dataclass(frozen=True)
class Behind:
    """The rows behind a number: the view's own row, and the rows of the view it counts, each with its place."""

    view: str
    row: dict[str, Any]
    total: int
    rows: list[Explained]


def explain_id(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], row_id: str
) -> list[Explained]:
    """Every row whose key, or one of whose key's columns, is this id; raises WarehouseError where there is none."""
    found = []
    for table in tables:
        for key in table.key if len(table.key) > 1 else table.key[:1]:
            rows = _rows(connection, f"select * from {table.name} where {key} = $id limit 20", {"id": row_id})
            found += [Explained(table.name, row, find_place(connection, row)) for row in rows]
            if rows and len(table.key) == 1:
                break
    first = [f for f in found if f.row.get(_key(tables, f.table)) == row_id]
    if not found:
        raise WarehouseError(
            f"no row has the id {row_id}; ids are in the *_id columns: warwire sql 'select * from mentions limit 5'"
        )
    return first or found


def _key(tables: Sequence[Table], name: str) -> str:
    return next(t.key[0] for t in tables if t.name == name)


@dataclass(frozen=True)
class Compared:
    """Two articles that were compared: the row that says what came of it, and both texts, the fuller first."""

    row: dict[str, Any]
    sources: tuple[str, str]
    texts: tuple[str, str]


def explain_story(
    connection: duckdb.DuckDBPyConnection, story_id: str
) -> tuple[list[Compared], list[Compared]]:
    """The pairs that make a story of its articles, and the pairs of its articles with others that were refused."""
    joined, refused = (
        _rows(
            connection,
            f"select p.*, da.source_uri as source_a, db.source_uri as source_b, a.text as text_a, b.text as text_b "
            f"from {table} p join articles a on a.article_id = p.article_id_a join articles b on b.article_id = p.article_id_b "
            "join documents da on da.document_id = a.document_id join documents db on db.document_id = b.document_id "
            "where $story in (a.story_id, b.story_id) order by p.words_shared desc, p.article_id_a, p.article_id_b",
            {"story": story_id},
        )
        for table in ("story_pairs", "refused_pairs")
    )
    return [_compared(row) for row in joined], [_compared(row) for row in refused]


def _compared(row: dict[str, Any]) -> Compared:
    sides = {name: (row.pop(f"{name}_a"), row.pop(f"{name}_b")) for name in ("source", "text")}
    return Compared(row, sides["source"], sides["text"])


def explain_number(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    view_name: str,
    keys: Sequence[str],
    limit: int,
) -> Behind:
    """The rows behind one row of a view. A key is VALUE (for the view's first key column) or COLUMN=VALUE."""
    views = {v.name: v for v in read_views()}
    view = views.get(view_name)
    if view is None or not view.keys:
        able = " ".join(sorted(v.name for v in views.values() if v.keys))
        raise WarehouseError(f"{view_name} is no view that can be explained; these can: {able}")
    wanted = _wanted(view, keys)
    where = " and ".join(f"{c} is not distinct from ${c}" for c in wanted)
    rows = _rows(connection, f"select * from {view.name} where {where}", wanted)
    if not rows:
        raise WarehouseError(
            f"{view.name} has no row with {', '.join(f'{c}={v}' for c, v in wanted.items())}"
        )
    if len(rows) > 1:
        rest = [c for c, _ in view.keys if c not in wanted]
        raise WarehouseError(
            f"{view.name} has {len(rows)} such rows; name {' '.join(rest)} too, as COLUMN=VALUE"
        )
    theirs = dict(view.keys)
    source, _, condition = view.behind.partition(" where ")
    behind = " and ".join(
        [*([condition] if condition else []), *(f"{theirs[c]} is not distinct from ${c}" for c in wanted)]
    )
    total = connection.sql(f"select count(*) from {source} where {behind}", params=wanted).fetchall()[0][0]
    table = BEHIND.get(source, source)
    key = _key(tables, table)
    ids = _rows(
        connection,
        f"select m.* from {table} m semi join (select {key} from {source} where {behind}) b using ({key}) "
        f"join articles a using (article_id) order by a.published_on nulls last, m.document_id, m.document_start_char limit {int(limit)}",
        wanted,
    )
    return Behind(
        view.name, rows[0], total, [Explained(table, row, find_place(connection, row)) for row in ids]
    )


def _wanted(view: View, keys: Sequence[str]) -> dict[str, str]:
    names = [c for c, _ in view.keys]
    wanted: dict[str, str] = {}
    for key in keys:
        column, equals, value = key.partition("=")
        if not equals:
            column, value = next((n for n in names if n not in wanted), ""), key
        if column not in names:
            raise WarehouseError(f"{view.name} is explained by {' '.join(names)}; {key!r} is none of them")
        wanted[column] = value
    if not wanted:
        raise WarehouseError(f"say which row: warwire explain {view.name} {names[0].upper()}")
    return wanted


def find_place(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> Place | None:
    """The place of a row that names a document and, where it has them, characters in it."""
    if not row.get("document_id"):
        return None
    documents = _rows(
        connection, "select source_uri, text from documents where document_id = $d", {"d": row["document_id"]}
    )
    if not documents:
        return None
    text = documents[0]["text"]
    start, end = row.get("document_start_char"), row.get("document_end_char")
    if start is None or end is None:
        return Place(
            source_uri=documents[0]["source_uri"],
            start=0,
            end=len(text),
            line=1,
            before="",
            words=text[:CONTEXT],
            after="",
        )
    around = _rows(
        connection,
        "select document_start_char as s, document_end_char as e from paragraphs where paragraph_id = $p",
        {"p": row.get("paragraph_id")},
    )
    first, last = (around[0]["s"], around[0]["e"]) if around else (max(0, start - CONTEXT), end + CONTEXT)
    return Place(
        source_uri=documents[0]["source_uri"],
        start=start,
        end=end,
        line=text.count("\n", 0, start) + 1,
        before=text[first:start],
        words=text[start:end],
        after=text[end:last],
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    found = connection.sql(sql, params=params)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
