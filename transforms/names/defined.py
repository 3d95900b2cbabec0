"""Abbreviations that a text defines itself: Hayat Tahrir al-Sham (HTS), and HTS from there on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from itertools import islice, takewhile

from transforms.language.spelling import fold
from transforms.names.entity import Entity
from transforms.names.lexicon import Lexicon
from transforms.names.name import Name
from transforms.spans import first_apart

SHORT = re.compile(
    r"\s?[(\[](?:the |known as |or )?[“\"‘']?([A-Z][A-Za-z-]{1,7})[”\"’']?(?:, [^()\[\]]{1,40})?[)\]]"
)
LONG = re.compile(
    r"(?:[A-Z][\w’'-]*|al|el|ash?|of|the|for|and|in|de|del|la|y)(?: (?:[A-Z][\w’'-]*|al|el|of|the|for|and|in|de|del|la|y))*$"
)
CAPITAL = re.compile(r"(?<!\w)[A-Z][A-Za-z-]{1,7}")  # what SHORT takes for an abbreviation
WORD_GOES_ON = re.compile(r"\w")
LONG_FORM_REACH = 90  # characters before an abbreviation that its long form stands in
SMALL = frozenset("of the for and in de del la y al el as ash".split())


def with_defined(text: str, found: list[Name], lexicon: Lexicon) -> list[Name]:
    """The found names with what the text's own abbreviations add: every later use of one names what it was defined as.

    A long form is a name already found, or capitalised words with the abbreviation's letters as their initials (Schwartz
    & Hearst 2003, simplified). Of those that no lexicon has, one with a force noun in it is a force without an entity.
    """
    if "(" not in text and "[" not in text:
        return found
    ends = {f.end: f for f in found}
    inside = {f.start: f for f in found}
    along = _Along(found)
    meant: dict[str, Name] = {}
    added: list[Name] = []
    dropped: set[int] = set()
    for m in SHORT.finditer(text):
        short = m[1]
        if short in meant or not sum(c.isupper() for c in short) > 1:
            continue
        if (long := ends.get(m.start())) and long.entity_type in ("force", "organization"):
            known = inside.get(m.start(1))
            if known is None or (
                known.entity is not long.entity and _initials_fit(text[long.start : long.end], short)
            ):
                meant[short] = long._replace(end=m.end())
                dropped |= {long.start, m.start(1)}
                added.append(meant[short])
        elif (
            (span := _long_form(text, m.start(), short))
            and (name := text[span[0] : span[1]])
            and _is_force(name, lexicon)
        ):
            if any(f.entity_type == "force" for f in along.over(*span)):
                continue
            force = Entity("", "force", name, "generic", "")
            meant[short] = Name(span[0], m.end(), None, (force,), "defined_in_text")
            dropped |= {f.start for f in along.over(span[0], m.end()) if f.start >= span[0]}
            added.append(meant[short])
    if not meant:
        return found
    for start, end in _uses(text, meant):
        long = meant[text[start:end]]
        if start >= long.end:
            here = inside.get(start)
            if here is not None and (here.end != end or here.entity is long.entity is not None):
                continue
            dropped.add(start)
            added.append(Name(start, end, long.entity, long.candidates, "defined_in_text"))
    kept = [f for f in found if f.start not in dropped]
    return first_apart([*kept, *added])


class _Along:
    """Names in order of place, none inside another, looked up by where they stand."""

    def __init__(self, found: list[Name]) -> None:
        self._found = found
        self._ends = [f.end for f in found]

    def over(self, start: int, end: int) -> Iterator[Name]:
        """Those that share a character with text[start:end]."""
        return takewhile(lambda f: f.start < end, islice(self._found, bisect_right(self._ends, start), None))


def _uses(text: str, meant: Container[str]) -> Iterator[tuple[int, int]]:
    """Where an abbreviation stands as a whole word, of two that begin at one place the longer one."""
    at = 0
    while m := CAPITAL.search(text, at):
        start = m.start()
        fitting = (n for n in range(m.end(), start + 1, -1) if text[start:n] in meant)
        end = next((n for n in fitting if not WORD_GOES_ON.match(text, n)), 0)
        if end:
            yield start, end
        at = end or start + 1


def _long_form(text: str, end: int, short: str) -> tuple[int, int] | None:
    """The span before `end` whose capitalised words begin with the letters of `short`."""
    before = LONG.search(text, max(0, end - LONG_FORM_REACH), end)
    if not before:
        return None
    words = list(re.finditer(r"[\w’'-]+", before[0]))
    for i, word in enumerate(words):
        if (
            word[0][0].isupper()
            and fold(word[0]) not in SMALL
            and _initials_fit(before[0][word.start() :], short)
        ):
            return before.start() + words[i].start(), end
    return None


def _initials_fit(name: str, short: str) -> bool:
    initials = [w[0] for w in re.split(r"[\s-]+", name) if w and fold(w) not in SMALL]
    small = [w[0] for w in re.split(r"[\s-]+", name) if w]
    wanted = fold(short.replace("-", ""))
    return wanted in (fold("".join(initials)), fold("".join(small)))


def _is_force(name: str, lexicon: Lexicon) -> bool:
    return not lexicon.force_words.isdisjoint(fold(name).split())
