"""Names to entities: one automaton over every alias, and what goes with reading them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from urllib.parse import urlsplit

from transforms.language.grammar import Grammar
from transforms.language.phrases import Terms
from transforms.language.search import WordSearch
from transforms.language.spelling import fold, sound_key
from transforms.names.entity import Alias, Entity, Hit, LexiconError, Naming, PlaceTerm, Seeds
from transforms.page.furniture import Fingerprints, Furniture
from transforms.page.piece import Known
from transforms.parse.columns import Columns, columns_of


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
            fitting = tuple(
                [a for a in named[number] if a.text == surface or _has_capitals(surface, a.capitals)]
            )
            if fitting:
                hits.append(Hit(start, end, self.naming(fitting)))
        return sorted(hits, key=lambda h: (h.start, -h.end))

    @cached_property
    def state_forces(self) -> Mapping[str, Entity]:
        """The armed forces of a state, by its country's code."""
        return {
            e.country_code: e
            for force_id in self.terms.nations.values()
            if (e := self.entities[force_id]).country_code
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
                named = alias.alias_type in SPELLED and (
                    kind == "place" or (kind == "force" and " " in alias.text)
                )
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
            scored = sorted(
                (-SequenceMatcher(None, folded, fold(a.text)).ratio(), i) for i, a in enumerate(aliases)
            )
            known = tuple(aliases[i] for ratio, i in scored if -ratio >= CLOSE)
            if len(self._nearest) < 1 << 16:
                self._nearest[name] = known
        return known

    @cached_property
    def nameless(self) -> list[str]:
        """Ids of those whom no alias names, and no domain: they are never found."""
        named = {a.entity.entity_id for found in self.aliases.values() for a in found} | set(
            self._domains.values()
        )
        return sorted(self.entities.keys() - named)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every force's and organization's aliases, folded: Syrian, Kurdish, Brigade."""
        of = ("force", "organization")
        return frozenset(
            w for p, found in self.aliases.items() if found[0].entity.entity_type in of for w in p.split()
        )

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
    def grammar(self) -> Grammar:
        """What sentences are read by."""
        return Grammar(self.seeds["word_classes"], self.seeds["words"], self.seeds["patterns"])

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
SPELLED = frozenset(
    {"name", "short", "variant", "former", "gazetteer"}
)  # names, not acronyms or descriptions
