"""Rows of exports: which column is the text, the title, the date, and the row as a document."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from html import escape

from transforms.page.clean import apply, clean, clean_entities
from transforms.parse.block import Block, Parsed, Unreadable
from transforms.parse.text import find_blocks

FIELDS = ("key", "title", "text", "html", "date", "outlet", "url", "byline", "language")
LOOKS_LIKE_HTML = re.compile(r"<(?:p|div|br|h[1-6]|article|span|a|ul|table|html|body)\b[^>]*>", re.I)
COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")
BETWEEN = re.compile(r"[\s_-]+")
EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")


@lru_cache(maxsize=16_384)
def folded(column: str) -> str:
    """A column's name as it is compared: without case, spaces, underscores and hyphens.

    >>> folded("publishedAt") == folded("Published_At") == folded(" published-at")
    True
    """
    return BETWEEN.sub("", column).casefold()


@dataclass(frozen=True)
class Columns:
    """Which columns hold what: {field: column names as `folded` makes them, the likeliest first}, from
    seeds/export_columns.csv, with the user's own before them."""

    by_field: Mapping[str, tuple[str, ...]]

    def of(self, field: str, row: Mapping[str, str]) -> str:
        """A row's value for a field: the first of its columns that is not empty; "" where none is."""
        filled: dict[str, str] = {}
        for name, value in row.items():
            if value and not value.isspace():
                filled.setdefault(folded(name), value)
        return next((filled[c] for c in self.by_field.get(field, ()) if c in filled), "")

    def names(self, *fields: str) -> set[str]:
        """Every column name of the fields, folded."""
        return {c for f in fields for c in self.by_field.get(f, ())}

    def with_own(self, own: Mapping[str, str]) -> Columns:
        """These columns with the user's own in place of the known ones. Raises Unreadable for an unknown field."""
        if unknown := sorted(set(own) - set(FIELDS)):
            raise Unreadable("usage", f"--map knows {' '.join(FIELDS)}, not {' '.join(unknown)}")
        return Columns({**self.by_field, **{f: (folded(c),) for f, c in own.items()}})


def columns_of(rows: Iterable[Mapping[str, str]]) -> Columns:
    """The columns of the seed table export_columns, by rank."""
    ranked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        ranked[row["field"]].append((int(row["rank"]), folded(row["column"])))
    return Columns({f: tuple(c for _, c in sorted(found)) for f, found in ranked.items()})


def parse_record(fields: Mapping[str, str], columns: Columns) -> Parsed:
    """A row as a document: its title and its text apart by a blank line, or its page; what else it says as facts.

    Raises Unreadable `empty` where it holds no text.
    """
    said = {f: columns.of(f, fields) for f in FIELDS}
    facts = {
        name: value
        for name, value in (
            ("headline", clean(said["title"]).text),
            ("record_date", _plain_date(said["date"])),
            ("site", clean(_name_in(said["outlet"])).text),
            ("url", apply(clean_entities, said["url"])),
            ("byline", clean(_name_in(said["byline"])).text),
            ("language", said["language"]),
        )
        if value.strip()
    }
    page = said["html"] or (said["text"] if LOOKS_LIKE_HTML.search(said["text"]) else "")
    if page:
        from transforms.parse.html import parse_html

        headline = (
            f"<h1>{escape(said['title'])}</h1>" if said["title"].strip() and "<h1" not in page.lower() else ""
        )
        parsed = parse_html(
            f"<!doctype html><meta charset=utf-8><body>{headline}{page}".encode("utf-8", "replace")
        )
        if parsed.blocks:
            return replace(parsed, facts={**parsed.facts, **facts})
    title = " ".join(said["title"].split())
    head = f"{title}\n\n" if title else ""
    text = head + said["text"]
    blocks = [Block(b.start + len(head), b.end + len(head)) for b in find_blocks(said["text"])]
    if not blocks:
        raise Unreadable("empty", "no text in it")
    return Parsed(
        text,
        [Block(0, len(title), "title"), *blocks] if title else blocks,
        "text/plain",
        "utf-8",
        "declared",
        facts,
    )


def other_columns(fields: Mapping[str, str], columns: Columns) -> str | None:
    """A row's columns that are neither its text nor its page, as JSON, for joining back."""
    text = columns.names("text", "html")
    rest = {name: value for name, value in fields.items() if folded(name) not in text}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else None


def _name_in(value: str) -> str:
    """The names in an object or a list of objects in JSON, as the answers of news services hold them; else the value.

    >>> _name_in('[{"name": "Lena Varga"}, {"title": "Courier"}]'), _name_in("Courier {1}")
    ('Lena Varga, Courier', 'Courier {1}')
    """
    if not value.startswith(("{", "[{")):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    said = [
        o.get("name") or o.get("title")
        for o in (found if isinstance(found, list) else [found])
        if isinstance(o, dict)
    ]
    return ", ".join(name for name in said if isinstance(name, str)) or value


def _plain_date(value: str) -> str:
    """A date as exports write it, as one that can be read: 20170416T101500Z and seconds since 1970 become ISO dates.

    >>> _plain_date("20170416T101500Z"), _plain_date("1492337700"), _plain_date("4/16/2017")
    ('2017-04-16', '2017-04-16', '4/16/2017')
    """
    value = value.strip()
    if m := COMPACT_DATE.fullmatch(value):
        return f"{m[1]}-{m[2]}-{m[3]}"
    if EPOCH.fullmatch(value):
        seconds = float(value) / (1000 if len(value.split(".")[0]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    return value
