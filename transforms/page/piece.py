"""A block on its way to a kind, and what an article says about itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.page.furniture import Fingerprints, Furniture

TEXT_KINDS = frozenset({"standfirst", "body", "crosshead"})
"""The kinds that make up articles.text."""
HEADER_BLOCKS = 12  # how far down a header reaches at the most
LONGEST_TITLE = 200
LONGEST_LINE = 120  # characters of a date, byline, outlet or credit line
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass
class Piece:
    """A cleaned block on its way to a kind: its text, what the format hinted, the kind it got ("" = not yet)."""

    text: str
    hint: str = ""
    kind: str = ""
    dateline_end: int | None = None


@dataclass
class Header:
    """What an article says about itself; every answer with its basis, or None."""

    title: str | None = None
    byline: str | None = None
    outlet_id: str | None = None
    outlet_basis: str | None = None
    origin_outlet_id: str | None = None
    published_on: date | None = None
    published_on_other: date | None = None
    published_on_basis: str | None = None
    date_order: str = ""
    language: str | None = None
    url: str | None = None
    outlets_seen: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What reading a header takes from the lexicon: an outlet's id by its name as printed, or by its domain; which
    outlets are agencies; the order of day and month each outlet prints; furniture and fingerprints."""

    outlet_named: Callable[[str], str | None]
    outlet_of_url: Callable[[str], str | None]
    agencies: frozenset[str]
    date_orders: Mapping[str, str]
    furniture: Furniture
    fingerprints: Fingerprints


def is_sentence(text: str) -> bool:
    """Whether a text is long enough for a sentence, or ends as one and has five words."""
    return len(text) >= 60 or (bool(SENTENCE_END.search(text)) and len(text.split()) >= 5)


def is_name(text: str) -> bool:
    """Whether a byline holds a name: a few words, most of them capitalised."""
    words = text.split()
    small = {"of", "the", "and", "&", "al", "de", "for", "in"}
    return (
        bool(words)
        and not SENTENCE_END.search(text)
        and all(w[0].isupper() or w.lower() in small for w in words)
    )
