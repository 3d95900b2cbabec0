"""What finding names yields, and what an article's plain names say about its other ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.names.entity import Entity


class Name(NamedTuple):
    """A name at text[start:end]: its entity (None where ambiguous), everything it could be, and why."""

    start: int
    end: int
    entity: Entity | None
    candidates: tuple[Entity, ...]
    resolution: str
    geo_precision: str | None = None
    is_metonym: bool = False
    is_attribution: bool = False

    @property
    def entity_type(self) -> str:
        """The type of the likeliest candidate."""
        return self.candidates[0].entity_type


def id_of(name: Name | None) -> str | None:
    """The id of the one entity that a name names; None where there is no name or no one entity."""
    return name.entity.entity_id if name and name.entity else None


@dataclass
class Evidence:
    """What an article's plain names say about its other ones."""

    entities: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    regions: Counter[tuple[str, str]] = field(default_factory=Counter)
    forces: int = 0
