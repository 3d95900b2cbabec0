"""A block of a page as it was found, and whether it is prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

MOST_LINKED = 0.6  # share of a block's characters inside links above which it is a menu or a list of links
MOST_LINKED_PROSE = 0.3
SENTENCE_END, CLOSING = frozenset(".!?…"), "\"')]’”»"
SHORTEST_SENTENCE = 40  # characters
SHORTEST_PROSE = 120  # from here on prose need not end as a sentence does


@dataclass(frozen=True)
class Elements:
    """The block elements of a page in page order, the root first; of each the place of its parent, its tag, its class and
    id, its path (the same number for elements under the same tags and classes), and what it says of the text in it: a
    hint and the word that says so, two times "" for nothing. Lists side by side, since there are hundreds in a page."""

    parents: Sequence[int]
    tags: Sequence[str]
    names: Sequence[str]
    paths: Sequence[int]
    says: Sequence[tuple[str, str]]


class PageBlock(NamedTuple):
    """A block of visible text, the place of its element, and how many of its characters are inside links."""

    text: str
    element: int
    linked: int


def is_sentence(text: str) -> bool:
    """Whether a block is a sentence of some length, or ends with one.

    >>> is_sentence("The convoy left the town before dawn, he said (twice.)")
    True
    """
    end = text.rstrip(CLOSING)
    return len(end) > SHORTEST_SENTENCE and end[-1] in SENTENCE_END


def is_prose(block: PageBlock) -> bool:
    """Whether a block is running text: long with few of its characters in links, or a sentence that is no list of links."""
    length = len(block.text)
    if length >= SHORTEST_PROSE and block.linked <= MOST_LINKED_PROSE * length:
        return True
    return block.linked <= MOST_LINKED * length and is_sentence(block.text)
