"""What every parser hands back: a document's text and the blocks it falls into."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MOST_BLOCKS = 50_000  # of one document; each costs about 0.1 ms, and a thick novel has 5,000


class Unreadable(Exception):
    """A document that cannot be taken in; `reason` is a short stable word, `detail` says more."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def too_many_blocks() -> Unreadable:
    """What is raised for a document of more than MOST_BLOCKS blocks."""
    return Unreadable("too_many", f"more than {MOST_BLOCKS:,} paragraphs")


def well_formed(text: str) -> str:
    r"""A text without halves of surrogate pairs, which JSON escapes can hold and no file can; each becomes U+FFFD. One
    without any is handed back as it is.

    >>> well_formed("a\ud800b")
    'a\ufffdb'
    """
    return text if text.isascii() or not HALVES.search(text) else HALVES.sub("\ufffd", text)


HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Block:
    """One block of a document: `text[start:end]`, ends trimmed. `hint` says what the format knows of it (a kind or "")."""

    start: int
    end: int
    hint: str = ""


@dataclass(frozen=True)
class Parsed:
    """A document read: its whole visible text, its blocks in order, and what the format says about it.

    `facts` holds metadata by name, as given: headline, og_title and page_title; record_date, date and page_date; byline, url,
    site, language.
    """

    text: str
    blocks: list[Block]
    media_type: str
    encoding: str
    encoding_basis: str
    facts: dict[str, str] = field(default_factory=dict)
