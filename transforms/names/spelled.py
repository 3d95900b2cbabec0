"""Names in a spelling that no alias has: brought to a known name by their sounds, with evidence from the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.names.context import find_precision, find_roles, find_term, has_place_cue, words_before
from transforms.names.entity import AREAS, Entity
from transforms.names.lexicon import Lexicon
from transforms.names.name import Evidence, Name

SAME_NAME = re.compile(r"\b(?:city|town|capital|village) (?:of|with|by) the same name\b")


def find_spelled(
    text: str,
    folded: str,
    found: list[Name],
    unknown: Sequence[tuple[int, int]],
    evidence: Evidence,
    lexicon: Lexicon,
) -> list[Name]:
    """Of the unknown names (spans, in order) those that `sound_key` brings to a known one, and towns called by "the city of
    the same name"."""
    ends = {f.end for f in found if f.entity_type == "place"}
    added: list[Name] = []
    for start, end in unknown:
        if bare := _without_s(text, folded, start, end, lexicon):
            added.append(bare)
            continue
        near = lexicon.nearest(text[start:end])
        if not near:
            continue
        entities = list(dict.fromkeys(a.entity for a in near))
        is_place = entities[0].entity_type == "place"
        if is_place and not (
            any(evidence.countries[e.country_code] for e in entities)
            and (has_place_cue(folded, start, end, lexicon) or _goes_on(folded, start, ends))
        ):
            continue
        chosen = _choose(entities, evidence)
        words = words_before(folded, start)
        term, _ = find_term(folded, words, end, lexicon) if is_place else (None, end)
        if term and term.kind == "none":
            continue
        precision = (
            find_precision(folded, start, words, entities[0].kind in AREAS, term) if is_place else None
        )
        roles = find_roles(folded, start, end, words, is_place, lexicon)
        ordered = tuple([chosen, *(e for e in entities if e is not chosen)] if chosen else entities)
        resolution = "transliteration" if chosen else "ambiguous"
        added.append(Name(start, end, chosen, ordered, resolution, precision, *roles))
        ends.add(end)
    for m in SAME_NAME.finditer(folded):
        area = next(
            (f.entity for f in reversed(found) if f.end <= m.start() and f.entity_type == "place"), None
        )
        if area and (town := lexicon.namesakes.get(area.entity_id)):
            added.append(Name(m.start(), m.end(), town, (town,), "context", "exact"))
    return added


def _without_s(text: str, folded: str, start: int, end: int, lexicon: Lexicon) -> Name | None:
    """A name with a possessive s that lost its apostrophe on the way: Aleppos, Russias."""
    bare = folded[start : end - 1]
    strong = [
        a
        for a in lexicon.aliases.get(bare, ())
        if not a.is_weak and a.entity.entity_type != "stop" and text.startswith(a.text, start)
    ]
    aliases = [a for a in strong if a.alias_type != "short" or a.entity.kind not in AREAS]
    if folded[end - 1] != "s" or len(aliases) != 1 or len(bare) < 4:
        return None
    entity = aliases[0].entity
    is_place = entity.entity_type == "place"
    words = words_before(folded, start)
    precision = find_precision(folded, start, words, entity.kind in AREAS, None) if is_place else None
    return Name(start, end - 1, entity, (entity,), "normalised_alias", precision)


def _goes_on(folded: str, start: int, ends: set[int]) -> bool:
    """Whether a name goes on a list of places: Raqqa, Haseke and Kamishly."""
    return any(
        folded.endswith(link, 0, start) and start - len(link) in ends for link in (", ", " and ", ", and ")
    )


def _choose(entities: list[Entity], evidence: Evidence) -> Entity | None:
    """The one whose country, then governorate, the article names most, then the one written by hand; None where open."""
    rest = entities
    if (
        len(rest) == 1
        and evidence.regions
        and rest[0].admin1
        and not evidence.regions[rest[0].country_code, rest[0].admin1]
    ):
        return (
            None if not rest[0].curated else rest[0]
        )  # a village in a governorate that the article does not speak of
    for votes in (
        {e: evidence.countries[e.country_code] for e in rest},
        {e: evidence.regions[e.country_code, e.admin1] for e in rest},
        {e: int(e.curated) for e in rest},
    ):
        most = max(votes[e] for e in rest)
        rest = [e for e in rest if votes[e] == most]
        if len(rest) == 1:
            return rest[0]
    return None
