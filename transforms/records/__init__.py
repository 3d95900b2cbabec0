"""The types of record, a file each. A new one is its file and its line in RECORDS: table, rows, keys, links, checks, measures,
comments and dictionary follow from what the file declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from transforms.article import Article
from transforms.records.attributions import ATTRIBUTION
from transforms.records.events import EVENT
from transforms.records.figures import FIGURE
from transforms.records.quotes import QUOTE
from transforms.records.record import Record, Records, Row, Spans

RECORDS: tuple[Record[Any], ...] = (
    FIGURE,
    ATTRIBUTION,
    QUOTE,
    EVENT,
)


def find_records(article: Article, spans: Spans) -> Iterator[tuple[str, Iterable[Row]]]:
    """The rows of every type, table by table; each row is made as it is taken in."""
    records = Records(article, spans)
    for record in RECORDS:
        yield record.table.name, records.rows(record)
