"""The lexicon of the seed tables, built once a process."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256

from transforms.language.spelling import fold
from transforms.names.entity import ENTITY_TABLES, Alias, Entity, LexiconError, PlaceTerm, Seeds
from transforms.names.lexicon import Lexicon

EXPANDED = (("US", ("U.S.", "U.S")), ("UN", ("U.N.", "U.N")), ("UK", ("U.K.", "U.K")))


def build_lexicon(seeds: Seeds) -> Lexicon:
    """The lexicon of the seed tables. Raises LexiconError where an alias names an entity that no table has."""
    entities: dict[str, Entity] = {}
    for entity_type, table in ENTITY_TABLES.items():
        for row in seeds[table]:
            entity_id = row[f"{entity_type}_id"]
            entities[entity_id] = Entity(
                entity_id=entity_id,
                entity_type=entity_type,
                name=row["name"],
                kind=row["kind"],
                country_code=row.get("country_code", ""),
                admin1=row.get("admin1", ""),
                weight=int(row.get("population") or 0),
                curated=row.get("layer", "") != "gazetteer",
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
        p: {
            fold(r["term"]): PlaceTerm(r["kind"], r["precision"])
            for r in seeds["place_terms"]
            if r["position"] == p
        }
        for p in ("after", "before")
    }
    return Lexicon(
        entities=entities,
        aliases={pattern: tuple(found) for pattern, found in sorted(aliases.items())},
        place_terms_after=terms["after"],
        place_terms_before=terms["before"],
        speech_verbs={
            row[form]: row["stance"]
            for form in ("lemma", "verb_form")
            for row in seeds["speech_verbs"]
            if row.get(form)
        },
        seeds=seeds,
        hash=sha256(
            json.dumps({k: list(map(dict, v)) for k, v in sorted(seeds.items())}).encode()
        ).hexdigest()[:16],
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
    aliases[pattern].append(
        Alias(entity, text, row["alias_type"], row["is_weak"] == "true", requires, capitals)
    )
