"""The words that records hang on, from the seed tables, ready to be searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from transforms.language.search import WordSearch
from transforms.language.spelling import fold
from transforms.spans import first_apart

Row = Mapping[str, str]


class Phrase:
    """A phrase found at text[start:end], with the face of a regex match."""

    __slots__ = ("_end", "_start", "form")

    def __init__(self, start: int, end: int, form: str) -> None:
        self._start, self._end, self.form = start, end, form

    def start(self) -> int:
        """Where it begins."""
        return self._start

    def end(self) -> int:
        """One past its last character."""
        return self._end

    def span(self) -> tuple[int, int]:
        """Both."""
        return self._start, self._end

    def moved(self, by: int) -> Phrase:
        """The same phrase in a text that begins `by` characters later."""
        return Phrase(self._start - by, self._end - by, self.form)


class Phrases:
    """Many phrases, searched for at once: whole words in any case, the leftmost and of those the longest."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._forms = sorted({fold(p) for p in phrases})
        self._search = WordSearch(self._forms)

    def find(self, text: str) -> list[Phrase]:
        """Every one of them in a text, in order, none overlapping another."""
        hits = [
            (start, end, number)
            for number, start, end in self._search.find(fold(text))
            if not (text[end : end + 1] in DASHED or text[start - 1 : start] in DASHED)
        ]
        return [Phrase(start, end, self._forms[number]) for start, end, number in first_apart(hits)]

    def has(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return bool(self.find(text))


DASHED = frozenset("-_")  # a word with a hyphen is another word: strike-slip, re-entered


@dataclass(frozen=True)
class Noun:
    """What a number counts: `group` of victims (fighters, civilians, ...) and `measure`, "" where a verb must say it."""

    group: str
    measure: str


@dataclass(frozen=True)
class Trigger:
    """A verb that says what happened to a number of people: its measure, and whether the number is its subject, its
    object, or its object in the active and its subject in the passive (both)."""

    measure: str
    voice: str


@dataclass(frozen=True)
class EventTerm:
    """A word that tells an event: its type, the PLOVER event and mode, and how its parties stand around it."""

    form: str
    event_type: str
    plover_event: str
    plover_mode: str
    syntax: str


@dataclass(frozen=True)
class Terms:
    """All of them, built from seed rows."""

    noun_rows: Sequence[Row]
    verb_rows: Sequence[Row]
    event_rows: Sequence[Row]
    role_rows: Sequence[Row]
    nation_rows: Sequence[Row]
    verbs: Mapping[str, str] = field(repr=False)

    @cached_property
    def nouns(self) -> dict[str, Noun]:
        """What numbers count, by its words in small letters."""
        return {r["noun"].lower(): Noun(r["victim_group"], r["measure"]) for r in self.noun_rows}

    @cached_property
    def triggers(self) -> dict[str, Trigger]:
        """Verbs around numbers, by their words in small letters."""
        return {fold(r["form"]): Trigger(r["measure"], r["voice"]) for r in self.verb_rows}

    @cached_property
    def trigger(self) -> Phrases:
        """Any of the triggers."""
        return Phrases(self.triggers)

    @cached_property
    def events(self) -> dict[str, EventTerm]:
        """Event terms by their words in small letters."""
        return {
            fold(r["form"]): EventTerm(
                r["form"], r["event_type"], r["plover_event"], r["plover_mode"], r["syntax"]
            )
            for r in self.event_rows
        }

    @cached_property
    def event(self) -> Phrases:
        """Any of the event terms."""
        return Phrases(self.events)

    @cached_property
    def nations(self) -> dict[str, str]:
        """The armed forces that a nationality means, by its words in small letters."""
        return {fold(r["modifier"]): r["force_id"] for r in self.nation_rows if r["nouns"] == "state"}

    @cached_property
    def capitals(self) -> dict[str, str]:
        """The armed forces of the state that a capital stands for, by its name in small letters."""
        return {fold(r["modifier"]): r["force_id"] for r in self.nation_rows if r["nouns"] == "capital"}

    @cached_property
    def nation(self) -> Phrases:
        """Any of the nationalities."""
        return Phrases(self.nations)

    @cached_property
    def cue(self) -> Phrases:
        """Any form of a verb of saying, and "according to"."""
        return Phrases([*(v for v in self.verbs if v != "state"), "according to"])

    @cached_property
    def roles(self) -> dict[str, str]:
        """What sort of claimant a noun makes: official, resident, unnamed, ..."""
        return {fold(r["noun"]): r["claimant_type"] for r in self.role_rows}

    @cached_property
    def role(self) -> Phrases:
        """Any of the nouns of claimants."""
        return Phrases(self.roles)
