"""Checks made from what tables declare: keys, values, links, spans; each as SQL in the form of the files in sql/checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.schema import SPANS, Table

LONG = 200_000  # characters of a document
ASKED = 200  # rows of a longer one whose words are looked up: each look-up counts from the text's start


def declared_checks(tables: Sequence[Table]) -> dict[str, str]:
    """Name → SQL of a check that finds no rows where the tables are as declared. A table that is written part by part is asked
    part by part: its ids are hashes of a document's id, and a document is in one part (documents_once asks that).

    >>> from transforms.pipeline import TABLES
    >>> print(declared_checks(TABLES)["forces_links"])
    -- fail: a link of forces leads to no row
    select force_id, 'parent_id' as in_column, parent_id as value from forces
    anti join (select force_id as value from "forces") on value = parent_id where parent_id is not null
    """
    by_name = {table.name: table for table in tables}
    found: dict[str, str] = {}
    for table in tables:
        if table.where == "log":  # written run by run, after the checks; Table.check sees to their values
            continue
        asked = {
            "keys": ("two rows of {} share a key", _keys(table)),
            "values": ("a column of {} holds a value that is not declared", _union(_values(table))),
            "links": ("a link of {} leads to no row", _union(_links(table, by_name))),
            "spans": (
                f"the words of a row of {{}} are not at its offsets (in texts of over {LONG:,} characters: {ASKED} of them)",
                _spans(table),
            ),
        }
        severity = "fail by part" if table.where == "part" else "fail"
        for what, (about, sql) in asked.items():
            if sql:
                found[f"{table.name}_{what}"] = f"-- {severity}: {about.format(table.name)}\n{sql}"
    return found


def declared_measures(tables: Sequence[Table]) -> str:
    """SQL of (measure, value, of_rows): the rows of every published table but the lexicon's own, and the share of rows that have each
    measured column."""
    counted = [t for t in tables if t.where == "part" or t.name in ("stories", "rejects")]
    rows = (
        f"select 'rows of {t.name}' as measure, count(*)::double as value, null::double as of_rows from {t.name}"
        for t in counted
    )
    shares = (
        f"select 'share of {t.name} with {c.name}', avg(({c.name} is not null)::integer), count(*) from {t.name}"
        for t in counted
        for c in t.columns
        if c.measured
    )
    return _union([*rows, *shares])


def _union(queries: Iterable[str]) -> str:
    return "\nunion all ".join(queries)


def _keys(table: Table) -> str:
    keys = ", ".join(table.key)
    return f"select {keys}, count(*) as with_this_key from {table.name} group by {keys} having count(*) > 1"


def _values(table: Table) -> Iterator[str]:
    for column in table.columns:
        if column.values:
            values = ", ".join(f"'{v}'" for v in column.values)
            yield f"select {table.key[0]}, '{column.name}' as in_column, {column.name} as value from {table.name} where {column.name} not in ({values})"


def _links(table: Table, by_name: Mapping[str, Table]) -> Iterator[str]:
    """A row's own table is asked whole: the first of a paragraph's repeats may be in another part."""
    for column in table.columns:
        if not column.links:
            continue
        ids = " union all ".join(
            f"select {by_name[to].key[0]} as value from " + (f'"{to}"' if to == table.name else to)
            for to in column.links
        )
        rows, link = table.name, column.name
        if column.type == "list<string>":
            rows, link = f"(select {table.key[0]}, unnest({column.name}) as one from {table.name})", "one"
        yield (
            f"select {table.key[0]}, '{column.name}' as in_column, {link} as value from {rows}\n"
            f"anti join ({ids}) on value = {link} where {link} is not null"
        )


def _spans(table: Table) -> str:
    if not {c.name for c in SPANS} <= set(table.names):
        return ""
    key = table.key[0]
    return f"""with sized as (
    select document_id, length(text) as characters from documents
),
asked as (
    select r.*
    from {table.name} r
    join sized using (document_id)
    qualify characters <= {LONG} or row_number() over (partition by document_id order by {key}) <= {ASKED}
)
select r.{key}, r.surface, r.start_char, r.document_start_char
from asked r
join articles a using (article_id)
join documents d on d.document_id = r.document_id
where (r.start_char is not null and substring(a.text, r.start_char + 1, r.end_char - r.start_char) <> r.surface)
   or substring(d.text, r.document_start_char + 1, r.document_end_char - r.document_start_char) <> r.document_surface"""
