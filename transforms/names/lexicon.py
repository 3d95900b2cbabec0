"""Names to entities: one automaton over every alias, built from the seed tables once."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from transforms.language.phrases import Terms
from transforms.language.search import WordSearch
from transforms.language.spelling import fold, sound_key
from transforms.page.furniture import Fingerprints, Furniture
from transforms.page.header import Known
from transforms.parse.columns import Columns, columns_of

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


@dataclass(frozen=True)
class Lexicon:
    """All names, with an automaton to find them and what goes with reading them."""

    entities: Mapping[str, Entity]
    aliases: Mapping[str, tuple[Alias, ...]]
    place_terms_after: Mapping[str, PlaceTerm]
    place_terms_before: Mapping[str, PlaceTerm]
    speech_verbs: Mapping[str, str]
    seeds: Seeds = field(repr=False)
    hash: str = ""

    @cached_property
    def search(self) -> WordSearch:
        """All aliases, looked for at once."""
        return WordSearch(list(self.aliases))

    @cached_property
    def _named(self) -> list[tuple[Alias, ...]]:
        return list(self.aliases.values())

    @cached_property
    def _namings(self) -> dict[tuple[Alias, ...], Naming]:
        return {}

    def naming(self, aliases: tuple[Alias, ...]) -> Naming:
        """What these aliases can name, worked out when they are first met."""
        if (known := self._namings.get(aliases)) is None:
            known = self._namings[aliases] = Naming(aliases)
        return known

    def find(self, text: str, folded: str) -> list[Hit]:
        """Every alias at word boundaries whose capital letters are capitals in the text, overlapping ones too, by start."""
        hits = []
        named = self._named
        for number, start, end in self.search.find(folded):
            surface = text[start:end]
            fitting = tuple([a for a in named[number] if a.text == surface or _has_capitals(surface, a.capitals)])
            if fitting:
                hits.append(Hit(start, end, self.naming(fitting)))
        return sorted(hits, key=lambda h: (h.start, -h.end))

    @cached_property
    def state_forces(self) -> Mapping[str, Entity]:
        """The armed forces of a state, by its country's code."""
        return {
            e.country_code: e for force_id in self.terms.nations.values() if (e := self.entities[force_id]).country_code
        }

    @cached_property
    def namesakes(self) -> Mapping[str, Entity]:
        """The town that an area is called after, by the area's id."""
        return {
            area.entity.entity_id: town.entity
            for found in self.aliases.values()
            for area in found
            if area.alias_type == "short" and area.entity.kind == "governorate"
            for town in found
            if town.entity.kind == "town" and not town.is_weak
        }

    @cached_property
    def sounds(self) -> Mapping[str, tuple[Alias, ...]]:
        """Names of places and of forces with several words, by `sound_key`."""
        found: dict[str, list[Alias]] = defaultdict(list)
        for aliases in self.aliases.values():
            for alias in aliases:
                kind = alias.entity.entity_type
                named = alias.alias_type in SPELLED and (kind == "place" or (kind == "force" and " " in alias.text))
                if named and (key := sound_key(alias.text)):
                    found[key].append(alias)
        return {key: tuple(aliases) for key, aliases in found.items()}

    @cached_property
    def _nearest(self) -> dict[str, tuple[Alias, ...]]:
        return {}

    def nearest(self, name: str) -> tuple[Alias, ...]:
        """The aliases that share a name's sounds and whose letters are close enough, the closest first."""
        if name.isupper() and len(name) <= LONGEST_ACRONYM:
            return ()
        if (known := self._nearest.get(name)) is None:
            folded = fold(name)
            aliases = self.sounds.get(sound_key(name), ())
            scored = sorted((-SequenceMatcher(None, folded, fold(a.text)).ratio(), i) for i, a in enumerate(aliases))
            known = tuple(aliases[i] for ratio, i in scored if -ratio >= CLOSE)
            if len(self._nearest) < 1 << 16:
                self._nearest[name] = known
        return known

    @cached_property
    def nameless(self) -> list[str]:
        """Ids of those whom no alias names, and no domain: they are never found."""
        named = {a.entity.entity_id for found in self.aliases.values() for a in found} | set(self._domains.values())
        return sorted(self.entities.keys() - named)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every force's and organization's aliases, folded: Syrian, Kurdish, Brigade."""
        of = ("force", "organization")
        return frozenset(w for p, found in self.aliases.items() if found[0].entity.entity_type in of for w in p.split())

    @cached_property
    def terms(self) -> Terms:
        """The words that records hang on."""
        seeds = self.seeds
        return Terms(
            seeds["figure_nouns"],
            seeds["figure_verbs"],
            seeds["event_terms"],
            seeds["claimant_roles"],
            seeds["descriptions"],
            self.speech_verbs,
        )

    @cached_property
    def force_words(self) -> frozenset[str]:
        """The words that make a name a force's, folded: brigade, army, front."""
        return frozenset(fold(row["word"]) for row in self.seeds["force_words"])

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages (ISO 639-1) whose texts these names can be read in."""
        return frozenset(row["language"] for row in self.seeds["languages"])

    @cached_property
    def columns(self) -> Columns:
        """Which columns of exports hold what."""
        return columns_of(self.seeds["export_columns"])

    @cached_property
    def known(self) -> Known:
        """What reading a header needs. Raises LexiconError where a pattern of the seed tables cannot be used."""
        try:
            furniture, fingerprints = (
                Furniture(self.seeds["furniture"]),
                Fingerprints(self.seeds["outlet_fingerprints"]),
            )
        except ValueError as error:
            raise LexiconError(str(error)) from error
        agencies = frozenset(
            e.entity_id for e in self.entities.values() if e.entity_type == "outlet" and e.kind == "agency"
        )
        orders = {r["outlet_id"]: r["date_order"] for r in self.seeds["outlets"] if r.get("date_order")}
        return Known(self.outlet_named, self.outlet_of_url, agencies, orders, furniture, fingerprints)

    @cached_property
    def _outlet_names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for pattern, aliases in self.aliases.items():
            for alias in aliases:
                if alias.entity.entity_type == "outlet":
                    names.setdefault(pattern, alias.entity.entity_id)
        return names

    def outlet_named(self, name: str) -> str | None:
        """The outlet of a name that stands alone (a masthead, a credit), less "the", an edition, an agency's tail."""
        if len(name) > LONGEST_OUTLET:
            return None
        bare = OUTLET_TAIL.sub("", fold(name).strip(" .,:;|()[]©")).removeprefix("the ")
        return (
            self._outlet_names.get(fold(name).strip(" .,:;|()[]©"))
            or self._outlet_names.get(bare)
            or self._outlet_names.get("the " + bare)
        )

    @cached_property
    def _domains(self) -> dict[str, str]:
        return {row["domain"]: row["outlet_id"] for row in self.seeds["outlets"] if row.get("domain")}

    def outlet_of_url(self, url: str) -> str | None:
        """The outlet whose domain a URL's host is or lies under."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return None
        parts = host.split(".") if len(host) <= LONGEST_HOST else []
        return next((o for i in range(len(parts)) if (o := self._domains.get(".".join(parts[i:])))), None)


def _has_capitals(surface: str, capitals: tuple[int, ...]) -> bool:
    return all(map(str.isupper, [surface[i] for i in capitals]))


OUTLET_TAIL = re.compile(
    r"\s+(?:english|news agency|agency|news|online|website|newspaper|staff|reporters?|correspondents?|in [\w' ]{3,30})$"
)
LONGEST_ACRONYM = 4  # letters; a shorter word all in capitals is no spelling of a name
LONGEST_OUTLET = 80  # characters of an outlet's name as printed
LONGEST_HOST = 253  # characters of a host's name (RFC 1035)
CLOSE = 0.6  # difflib's ratio of folded letters; below it two names share their consonants by chance
SPELLED = frozenset({"name", "short", "variant", "former", "gazetteer"})  # names, not acronyms or descriptions
EXPANDED = (("US", ("U.S.", "U.S")), ("UN", ("U.N.", "U.N")), ("UK", ("U.K.", "U.K")))


def build_lexicon(seeds: Seeds) -> Lexicon:
    """The lexicon of the seed tables. Raises LexiconError where an alias names an entity that no table has."""
    entities: dict[str, Entity] = {}
    for entity_type, table in ENTITY_TABLES.items():
        for row in seeds[table]:
            entity_id = row[f"{entity_type}_id"]
            entities[entity_id] = Entity(
                entity_id,
                entity_type,
                row["name"],
                row["kind"],
                row.get("country_code", ""),
                row.get("admin1", ""),
                int(row.get("population") or 0),
                row.get("layer", "") != "gazetteer",
            )
    aliases: dict[str, list[Alias]] = defaultdict(list)
    for row in seeds["aliases"]:
        entity = entities.get(row["entity_id"])
        if entity is None or entity.entity_type != row["entity_type"]:
            raise LexiconError(
                f"aliases: {row['alias']!r} names the {row['entity_type']} {row['entity_id']!r}, which no seed table has"
            )
        for text in expanded(row["alias"]):
            _add(aliases, entity, text, row)
    for entity, text, requires in _descriptions(seeds, entities):
        if fold(text) not in aliases:
            weak = "true" if requires else "false"
            _add(aliases, entity, text, {"alias_type": "description", "is_weak": weak, "requires": requires})
    for row in seeds["stop_phrases"]:
        stop = Entity("", "stop", row["phrase"], "", "")
        _add(aliases, stop, row["phrase"], {"alias_type": "stop", "is_weak": "false", "requires": ""})
    terms = {
        p: {fold(r["term"]): PlaceTerm(r["kind"], r["precision"]) for r in seeds["place_terms"] if r["position"] == p}
        for p in ("after", "before")
    }
    return Lexicon(
        entities,
        {pattern: tuple(found) for pattern, found in sorted(aliases.items())},
        terms["after"],
        terms["before"],
        {row[form]: row["stance"] for form in ("lemma", "verb_form") for row in seeds["speech_verbs"] if row.get(form)},
        seeds,
        sha256(json.dumps({k: list(map(dict, v)) for k, v in sorted(seeds.items())}).encode()).hexdigest()[:16],
    )


def _descriptions(seeds: Seeds, entities: Mapping[str, Entity]) -> Iterator[tuple[Entity, str, str]]:
    """Every modifier with every noun of its class: (force, "Turkish soldiers", what it requires)."""
    nouns: dict[str, list[str]] = defaultdict(list)
    for row in seeds["force_nouns"]:
        nouns[row["class"]].append(row["noun"])
    for row in seeds["descriptions"]:
        entity = entities.get(row["force_id"])
        if entity is None or row["nouns"] not in nouns:
            raise LexiconError(
                f"descriptions: {row['modifier']!r} has the force {row['force_id']!r} and the nouns {row['nouns']!r}; one of them is in no seed table"
            )
        for noun in nouns[row["nouns"]]:
            for text in expanded(f"{row['modifier']} {noun}"):
                yield entity, text, row["requires"]


def expanded(alias: str) -> Iterator[str]:
    """An alias and its spellings with points: US-led → U.S.-led, U.S-led."""
    yield alias
    for short, longs in EXPANDED:
        if short in alias and re.search(rf"\b{short}\b", alias):
            yield from (re.sub(rf"\b{short}\b", long, alias) for long in longs)


def _add(aliases: dict[str, list[Alias]], entity: Entity, text: str, row: Mapping[str, str]) -> None:
    requires = tuple(tuple(part.split("+")) for part in row["requires"].split())
    capitals = tuple(i for i, c in enumerate(text) if c.isupper())
    pattern = fold(text)
    if any(a.entity == entity and a.text == text for a in aliases[pattern]):
        return
    aliases[pattern].append(Alias(entity, text, row["alias_type"], row["is_weak"] == "true", requires, capitals))
