"""What a type of record is, and the records of one article as they are linked to one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from transforms.article import Along, Article
from transforms.ids import span_id
from transforms.schema import Table

Row = dict[str, Any]
Spans = Callable[[int, int], tuple[Row, str]]
"""From a span of the reading text to the columns that say where it stands, its article and document among them, and its part."""


class Spanned(Protocol):
    """Something found in an article's reading text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


T = TypeVar("T", bound=Spanned)


@dataclass(frozen=True)
class Record(Generic[T]):
    """A type of record: its table, how it is found in an article, and how a row is made of what was found.

    `kind` is what it is said to be at its place: with the place it makes the id. `row` gives the columns that are its own; id and
    spans are added. `at` is the place that others look it up by. `parts` are those of an article that it is taken from, all where empty. `seeds` declares seed tables that it alone reads (`lexicon.seeds`).
    """

    table: Table
    find: Callable[[Records], list[T]]
    kind: Callable[[T], str]
    row: Callable[[T, Records], Row]
    at: Callable[[T], int] = attrgetter("start")
    parts: tuple[str, ...] = ()
    seeds: tuple[Table, ...] = ()

    @property
    def key(self) -> str:
        """The column of its id."""
        return self.table.key[0]


@dataclass(frozen=True)
class Records:
    """The records of one article, each type found once, when it is first asked for."""

    article: Article
    spans: Spans
    _found: dict[str, list[Any]] = field(default_factory=dict)
    _along: dict[str, Along[Any]] = field(default_factory=dict)
    _ids: dict[int, str] = field(default_factory=dict)

    def of(self, record: Record[T]) -> list[T]:
        """All of a type, in order of place."""
        if record.key not in self._found:
            self._found[record.key] = record.find(self)
        return self._found[record.key]

    def between(self, record: Record[T], start: int, end: int) -> list[T]:
        """Those of a type that stand from one place up to another."""
        if record.key not in self._along:
            self._along[record.key] = Along(self.of(record), record.at)
        return self._along[record.key].between(start, end)

    def id_of(self, record: Record[T], one: T | None) -> str | None:
        """The id of one that was found; None of none."""
        if one is None:
            return None
        if (known := self._ids.get(id(one))) is None:
            known = self._ids[id(one)] = self._id(record, one, self.spans(one.start, one.end)[0])
        return known

    def sentence(self, at: int) -> str:
        """The words of the sentence that a place lies in."""
        start, end = self.article.sentence_of(at)
        return self.article.text[start:end]

    def rows(self, record: Record[T]) -> Iterator[Row]:
        """The rows of a type, each made as it is taken; of those with one id the first."""
        seen: set[str] = set()
        for one in self.of(record):
            spans, part = self.spans(one.start, one.end)
            if record.parts and part not in record.parts:
                continue
            key = self._id(record, one, spans)
            if key in seen:
                continue
            seen.add(key)
            yield {
                record.key: key,
                **spans,
                **({"part": part} if "part" in record.table.names else {}),
                **record.row(one, self),
            }

    @staticmethod
    def _id(record: Record[T], one: T, spans: Row) -> str:
        return span_id(
            spans["document_id"], spans["document_start_char"], spans["document_end_char"], record.kind(one)
        )


def alone(find: Callable[[Article], list[T]]) -> Callable[[Records], list[T]]:
    """What finds a type of record without asking for others."""
    return partial(_alone, find)


def _alone(find: Callable[[Article], list[T]], records: Records) -> list[T]:
    return find(records.article)
