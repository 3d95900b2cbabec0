"""The words of sentences, with names and times as one word each, and the clauses they make."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from transforms.language.clauses import Clauses, read_clauses
from transforms.language.grammar import BREAK, NAME, OPENERS, TIME, Grammar

WORD = re.compile(
    r"[$€£]?\d(?:[\d.,]*\d)?(?:st|nd|rd|th|m|bn|k)?\b%?|(?:[^\W\d_]\.){2,}|[^\W\d_]+(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b"
    r"|[^\W\d_]+(?:-[^\W\d_]+)*|(?<=\s)-(?=\s)(?:\s)?|[^\w\s]",
    re.I,
)
"""A number with its sign, U.S., did + n't, 's, a word with its hyphens, any other sign."""
Span = tuple[int, int]


class Words:
    """The words of some sentences, by number and by place. Before the first and after each stands a break, a word of no length."""

    def __init__(
        self,
        text: str,
        sentences: Iterable[Span],
        names: Iterable[Span],
        times: Iterable[Span],
        grammar: Grammar,
    ) -> None:
        self.starts: list[int] = [0]
        self.ends: list[int] = [0]
        tags: list[str] = [BREAK]
        whole = sorted([(*span, NAME) for span in names] + [(*span, TIME) for span in times])
        inside = grammar.inside
        at = 0
        for start, end in sentences:
            opening = True
            place = start
            while at < len(whole) and whole[at][0] < start:
                at += 1
            while place < end:
                known = whole[at] if at < len(whole) and whole[at][0] < end else None
                stop = known[0] if known else end
                found = [(m.start(), m[0]) for m in WORD.finditer(text, place, stop)]
                skipped = 0
                while opening and skipped < len(found):
                    tag = grammar.opening[found[skipped][1]]
                    opening = tag in OPENERS
                    tags.append(tag)
                    skipped += 1
                self.starts += [where for where, _ in found]
                self.ends += [where + len(word) for where, word in found]
                tags += [inside[word] for _, word in found[skipped:]]
                if known is None:
                    break
                at += 1
                if known[0] < place:
                    continue
                self.starts.append(known[0])
                self.ends.append(known[1])
                tags.append(known[2])
                opening = False
                place = known[1]
            self.starts.append(end)
            self.ends.append(end)
            tags.append(BREAK)
        self.clauses: Clauses = read_clauses(grammar.repaired("".join(tags)), grammar)

    def at(self, place: int) -> int:
        """The number of the word at a place, or the last before it; -1 before all of them."""
        return bisect_right(self.starts, place) - 1

    def span(self, word: int) -> Span:
        """Where a word stands."""
        return self.starts[word], self.ends[word]
