"""An article as records are read in it: its text, sentences, names and times, and who stands where."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from transforms.language.phrases import Phrase
from transforms.language.quotation import find_quoted
from transforms.language.sentences import find_sentences
from transforms.language.times import Time, find_times
from transforms.language.words import Words
from transforms.names.lexicon import Lexicon
from transforms.names.mentions import find_names
from transforms.names.name import Name

MASK = "\x00"
LINE = re.compile(r"\S[^\n]*")


T = TypeVar("T")


class Along(Generic[T]):
    """Things along a text, looked up by where they stand."""

    def __init__(self, things: Iterable[T], at: Callable[[T], int]) -> None:
        self._things = sorted(things, key=at)
        self._starts = [at(t) for t in self._things]

    def between(self, start: int, end: int) -> list[T]:
        """Those that stand from one place up to another."""
        return self._things[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


LONGEST_SENTENCE = 1000  # characters of a sentence; a longer one is a list or a table, and is read in pieces
MOST_CUES = (
    40  # words that records hang on in a sentence; real ones have up to 20, and one with more is no sentence
)


@dataclass(frozen=True)
class Article:
    """One article's reading text (paragraphs apart by blank lines; spans of those records are read in) with its names."""

    text: str
    paragraphs: tuple[tuple[int, int], ...]
    mentions: tuple[Name, ...]
    title: tuple[int, int] | None
    published: date | None
    lexicon: Lexicon

    @classmethod
    def plain(
        cls, text: str, lexicon: Lexicon, published: date | None = None, named: Sequence[Name] | None = None
    ) -> Article:
        """An article of a text alone, its paragraphs apart by line ends, with the names in it (or those given)."""
        names = find_names(text, lexicon).found if named is None else named
        return cls(text, tuple(m.span() for m in LINE.finditer(text)), tuple(names), None, published, lexicon)

    def is_title(self, at: int) -> bool:
        """Whether a place lies in the headline, which tells again what the text tells."""
        return self.title is not None and self.title[0] <= at < self.title[1]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The spans of all sentences, in order."""
        return [
            piece
            for a, b in self.paragraphs
            for s, e in find_sentences(self.text[a:b])
            for piece in self._pieces(a + s, a + e)
        ]

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        while end - start > LONGEST_SENTENCE:
            cut = self.text.rfind(" ", start, start + LONGEST_SENTENCE) + 1 or start + LONGEST_SENTENCE
            yield start, cut
            start = cut
        yield start, end

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [a for a, _ in self.sentences]

    def sentence_of(self, at: int) -> tuple[int, int]:
        """The sentence that a place lies in; the nearest before it where it lies in none."""
        return self.sentences[max(0, bisect_right(self._sentence_starts, at) - 1)]

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [a for a, _ in self.paragraphs]

    def paragraph_of(self, at: int) -> tuple[int, int]:
        """The paragraph that a place lies in."""
        return self.paragraphs[max(0, bisect_right(self._paragraph_starts, at) - 1)]

    @cached_property
    def times(self) -> list[Time]:
        """The time expressions, in order."""
        return find_times(self.text, self.published)

    @cached_property
    def _timed(self) -> Along[Time]:
        return Along(self.times, lambda t: t.start)

    def timed(self, start: int, end: int) -> list[Time]:
        """The time expressions that begin between two places."""
        return self._timed.between(start, end)

    @cached_property
    def _named(self) -> dict[str, Along[Name]]:
        of_type: dict[str, list[Name]] = {"": list(self.mentions)}
        for m in self.mentions:
            of_type.setdefault(m.entity_type, []).append(m)
        return {entity_type: Along(found, lambda m: m.start) for entity_type, found in of_type.items()}

    def named(self, start: int, end: int, entity_type: str = "") -> list[Name]:
        """The names that begin between two places, of one type (all where none is given)."""
        found = self._named.get(entity_type)
        return found.between(start, end) if found else []

    @cached_property
    def _whereabouts(self) -> Along[Name]:
        return Along(
            (m for m in self.named(0, len(self.text), "place") if self.is_place_of(m)), lambda m: m.start
        )

    @cached_property
    def quoted(self) -> list[tuple[int, int]]:
        """The spans inside quotation marks, marks left out. A mark never closed runs to its paragraph's end."""
        return [
            (a + start, a + end) for a, b in self.paragraphs for start, end in find_quoted(self.text[a:b])
        ]

    @cached_property
    def frame(self) -> str:
        """The text with what stands in quotation marks blanked out: only the writer's own words."""
        out, at = [], 0
        for start, end in self.quoted:
            out += [self.text[at:start], MASK * (end - start)]
            at = end
        return "".join([*out, self.text[at:]])

    def is_doer(self, m: Name) -> bool:
        """Whether a place stands for those who govern it: the Damascus regime, carried out by Washington, UK-based."""
        return bool(
            m.is_metonym
            or GOVERNED.match(self.text, m.end)
            or DOES.search(self.text, max(0, m.start - 20), m.start)
        )

    def is_place_of(self, m: Name) -> bool:
        """Whether a place can be where something is: not one that acts, and a country only after "in", "across" and the like."""
        if self.is_doer(m):
            return False
        return (m.entity or m.candidates[0]).kind != "country" or bool(
            IN.search(self.text, max(0, m.start - 20), m.start)
        )

    @cached_property
    def cues(self) -> Along[Phrase]:
        """The words of saying in the writer's own words."""
        return Along(self.lexicon.terms.cue.find(self.frame), Phrase.start)

    @cached_property
    def event_words(self) -> Along[Phrase]:
        """The words that tell events, in the writer's own words."""
        return Along(self.lexicon.terms.event.find(self.frame), Phrase.start)

    def is_list(self, start: int, end: int) -> bool:
        """Whether a sentence has more words that records hang on than a sentence can mean: nothing is told in it."""
        return (
            sum(len(of.between(start, end)) for of in (self.cues, self.event_words, self.triggers))
            > MOST_CUES
        )

    @cached_property
    def words(self) -> Words:
        """The words and clauses of the sentences that tell something."""
        told = [
            (a, b)
            for a, b in self.sentences
            if self.event_words.between(a, b) and not self.is_title(a) and not self.is_list(a, b)
        ]
        names = [(m.start, m.end) for m in self.mentions]
        return Words(self.text, told, names, [(t.start, t.end) for t in self.times], self.lexicon.grammar)

    @cached_property
    def nations(self) -> Along[Phrase]:
        """The nationalities named in the writer's own words."""
        return Along(self.lexicon.terms.nation.find(self.frame), Phrase.start)

    @cached_property
    def triggers(self) -> Along[Phrase]:
        """The verbs that say what happened to numbers of people."""
        return Along(self.lexicon.terms.trigger.find(self.text), Phrase.start)

    def nearest_place(self, start: int, end: int, at: int) -> Name | None:
        """Of the places named between two places, the town nearest to a third, then any other place, after before before."""
        places = self.whereabouts(start, end)
        if len(places) < 2:
            return places[0] if places else None
        return min(places, key=lambda m: (_rank(m), 0 if m.start >= at else 1, abs(m.start - at)))

    def whereabouts(self, start: int, end: int) -> list[Name]:
        """The places named between two places where something can be."""
        return self._whereabouts.between(start, end)


IN = re.compile(r"\b(?:in|across|inside|throughout|into)\s(?:the\s|\w+ern\s)?$", re.I)
GOVERNED = re.compile(
    r"(?:['’]s)?\s(?:regime|government|authorities|administration|rulers|ally|allies|backers|(?:air)?strikes?|air strikes?|warplanes?|drones?|jets?|forces|troops|army|military)\b|[-–](?:based|backed|led|allied|aligned|sponsored|controlled|run|funded|supported|born)\b",
    re.I,
)
DOES = re.compile(
    r"\b(?:by|(?:deals?|talks|ties|relations|agreement|truce) with|based in|headquartered in|born in)\s(?:the\s)?$",
    re.I,
)
RANKS = {"town": 0, "facility": 0, "district": 0, "region": 0, "river": 1, "governorate": 1}


def _rank(m: Name) -> tuple[int, int]:
    return RANKS.get((m.entity or m.candidates[0]).kind, 2), m.geo_precision in ("direction", "between")
