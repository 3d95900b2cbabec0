"""The only solver of overlaps. A span is a tuple that begins with (start, end), whatever follows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from sys import maxsize
from typing import Any, TypeVar

S = TypeVar("S", bound=tuple[Any, ...])


def longest_apart(spans: Iterable[S]) -> list[S]:
    """Of spans that overlap, the longest, then the first; in order of place.

    >>> longest_apart([(0, 4), (2, 9), (9, 12)])
    [(2, 9), (9, 12)]
    """
    taken: list[S] = []
    starts: list[int] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        start, end = span[0], span[1]
        at = bisect_left(starts, start)
        if (at == 0 or taken[at - 1][1] <= start) and (at == len(taken) or end <= starts[at]):
            taken.insert(at, span)
            starts.insert(at, start)
    return taken


def first_apart(spans: Iterable[S]) -> list[S]:
    """Of spans that overlap, the first, then the longest; in order of place.

    >>> first_apart([(2, 9), (0, 4), (0, 3), (9, 12)])
    [(0, 4), (9, 12)]
    """
    taken: list[S] = []
    at = 0
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if span[0] >= at:
            at = span[1]
            taken.append(span)
    return taken


class Taken:
    """Which characters of a text are taken, where what is looked for first goes first."""

    def __init__(self, text: str, spans: Iterable[tuple[Any, ...]] = ()) -> None:
        self._marks = bytearray(len(text))
        for span in spans:
            self.take(span[0], span[1])

    def take(self, start: int, end: int) -> None:
        """Take what lies between two places."""
        self._marks[start:end] = b"\1" * (end - start)

    def meets(self, start: int, end: int) -> bool:
        """Whether something between two places is taken."""
        return any(self._marks[start:end])


def meets(spans: Iterable[tuple[Any, ...]], start: int, end: int) -> bool:
    """Whether one of the spans, in whatever order, has a character between two places."""
    return any(s[0] < end and start < s[1] for s in spans)


def is_within(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether start to end lies in one of the spans, which are in order and apart.

    >>> is_within([(0, 4), (6, 9)], 6, 8), is_within([(0, 4), (6, 9)], 3, 7)
    (True, False)
    """
    at = bisect_right(spans, (start, maxsize)) - 1
    return at >= 0 and end <= spans[at][1]
