"""Someone or somewhere with a name, the spellings of it, and what one spelling can name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

Rows = Sequence[Mapping[str, str]]
Seeds = Mapping[str, Rows]
"""Seed tables by name, each row a mapping of column to text, as the CSV files hold them."""
AREAS = frozenset({"governorate", "district", "region", "country", "river"})
"""The kinds of place that have no one spot."""
ENTITY_TABLES = {"force": "forces", "place": "places", "outlet": "outlets", "organization": "organizations"}


class LexiconError(ValueError):
    """Seed tables that do not fit together; says which row."""


@dataclass(frozen=True, eq=False)
class Entity:
    """Someone or somewhere with a name. `weight` orders namesakes: population for a place, 0 elsewhere; `curated` is
    true where a person wrote the row."""

    entity_id: str
    entity_type: str
    name: str
    kind: str
    country_code: str
    admin1: str = ""
    weight: int = 0
    curated: bool = True


@dataclass(frozen=True, eq=False)
class Alias:
    """One spelling of one entity. A weak one needs evidence: `requires` is a list of alternatives, each a list of
    conditions; empty means the entity itself under a strong alias."""

    entity: Entity
    text: str
    alias_type: str
    is_weak: bool
    requires: tuple[tuple[str, ...], ...]
    capitals: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Naming:
    """What one spelling can name, worked out once: its aliases, the entities they name, and what each name counts for as
    evidence (its country, and its entity where it can be one thing only)."""

    aliases: tuple[Alias, ...]

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Whom it can name, each once."""
        return tuple(dict.fromkeys(a.entity for a in self.aliases))

    @cached_property
    def can_be_place(self) -> bool:
        """Whether one of them is a place."""
        return any(e.entity_type == "place" for e in self.entities)

    @cached_property
    def is_stop(self) -> bool:
        """Whether it is a stop phrase."""
        return self.aliases[0].entity.entity_type == "stop"

    @cached_property
    def is_description(self) -> bool:
        """Whether one of the aliases is a description."""
        return any(a.alias_type == "description" for a in self.aliases)

    @cached_property
    def is_weak(self) -> bool:
        """Whether one of the aliases needs evidence."""
        return any(a.is_weak for a in self.aliases)

    @cached_property
    def areas(self) -> frozenset[Entity]:
        """The areas among them that are called by their town's name: the town is meant unless a place term says otherwise."""
        return frozenset(a.entity for a in self.aliases if _is_namesake_area(a))

    @cached_property
    def strong(self) -> frozenset[Entity]:
        """Those that a name names without evidence."""
        return frozenset(a.entity for a in self.aliases if not a.is_weak)

    @cached_property
    def evidence(self) -> tuple[str, Entity | None]:
        """(the country that all it names lie in or "", the one thing it can be or None), weak aliases left out."""
        sure = {a.entity for a in self.aliases if not a.is_weak and not _is_namesake_area(a)} or self.strong
        countries = {e.country_code for e in sure}
        return countries.pop() if len(countries) == 1 else "", next(iter(sure)) if len(sure) == 1 else None


def _is_namesake_area(alias: Alias) -> bool:
    return alias.alias_type == "short" and alias.entity.kind in AREAS


class Hit(NamedTuple):
    """What fits text[start:end]; a stop phrase too."""

    start: int
    end: int
    naming: Naming


@dataclass(frozen=True)
class PlaceTerm:
    """A word that says what a place's name means there: `kind` of place, `precision` of the location."""

    kind: str
    precision: str
