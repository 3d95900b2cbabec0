"""The words that records hang on, from the seed tables, ready to be searched for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

Row = Mapping[str, str]


def any_of(words: Iterable[str], flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """One pattern for any of the words, whole ones, the longest first; one that matches nothing where there are none."""
    parts = sorted(set(words), key=lambda w: (-len(w), w))
    return re.compile(
        r"(?<![\w-])(?:" + "|".join(re.escape(p).replace(r"\ ", r"\s") for p in parts) + r")(?![\w-])"
        if parts
        else r"(?!)",
        flags,
    )


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
    verbs: Mapping[str, str] = field(repr=False)

    @cached_property
    def nouns(self) -> dict[str, Noun]:
        """What numbers count, by its words in small letters."""
        return {r["noun"].lower(): Noun(r["victim_group"], r["measure"]) for r in self.noun_rows}

    @cached_property
    def triggers(self) -> dict[str, Trigger]:
        """Verbs around numbers, by their words in small letters."""
        return {r["form"].lower(): Trigger(r["measure"], r["voice"]) for r in self.verb_rows}

    @cached_property
    def trigger(self) -> re.Pattern[str]:
        """Any of the triggers."""
        return any_of(self.triggers)

    @cached_property
    def events(self) -> dict[str, EventTerm]:
        """Event terms by their words in small letters."""
        return {
            r["form"].lower(): EventTerm(r["form"], r["event_type"], r["plover_event"], r["plover_mode"], r["syntax"])
            for r in self.event_rows
        }

    @cached_property
    def event(self) -> re.Pattern[str]:
        """Any of the event terms."""
        return any_of(self.events)

    @cached_property
    def cue(self) -> re.Pattern[str]:
        """Any form of a verb of saying, and "according to"."""
        return any_of([*(v for v in self.verbs if v != "state"), "according to"])

    @cached_property
    def roles(self) -> dict[str, str]:
        """What sort of claimant a noun makes: official, resident, unnamed, ..."""
        return {r["noun"].lower(): r["claimant_type"] for r in self.role_rows}

    @cached_property
    def role(self) -> re.Pattern[str]:
        """Any of the nouns of claimants."""
        return any_of(self.roles)
