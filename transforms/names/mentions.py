"""Names in texts: forces, places, outlets and organizations, with the reason for each decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.language.spelling import fold
from transforms.names.context import (
    NEXT_WORDS,
    find_precision,
    find_roles,
    find_term,
    follows_a_forename,
    has_place_cue,
    words_before,
)
from transforms.names.defined import with_defined
from transforms.names.entity import AREAS, Alias, Entity, Hit, PlaceTerm
from transforms.names.lexicon import LONGEST_ACRONYM, Lexicon
from transforms.names.name import Evidence, Name
from transforms.names.spelled import find_spelled
from transforms.names.unknown import find_unknown_names
from transforms.schema import ARTICLE_ID, ENTITIES, PRECISIONS, SPANS, Column, Table
from transforms.spans import longest_apart

MENTIONS = Table(
    "mentions",
    "One name in a text.",
    ("mention_id",),
    (
        Column("mention_id", "string", "Hash of document, span and entity type.", null=False),
        ARTICLE_ID,
        *SPANS,
        Column("entity_type", "string", "What the name is of.", values=("force", "place", "outlet", "organization"), null=False),
        Column("entity_id", "string", "Whom it names: force_id, place_id, outlet_id or organization_id; null where it could be several.", links=ENTITIES, measured=True),
        Column("candidate_ids", "list<string>", "Everything it could name, the likeliest first.", null=False, links=ENTITIES),
        Column("candidate_ids_text", "string", "The same, joined by a space.", null=False),
        Column("part", "string", "Where in the article; datelines and tags are left out of the counting views.",
               values=("title", "caption", "body", "dateline", "tags"), null=False),
        Column("resolution", "string",
               "Why this entity: the alias letter for letter, the alias but for case, accents or dashes, another spelling of "
               "the same sounds, a standing description, an abbreviation that the text defines, a gazetteer name, the rest "
               "of the article; ambiguous = no entity could be chosen.",
               values=("exact_alias", "normalised_alias", "transliteration", "description", "defined_in_text", "context",
                       "gazetteer", "ambiguous"), null=False),
        Column("confidence", "double", "0 to 1, by resolution.", null=False),
        Column("geo_precision", "string", "For places: what is meant is there, near it, in a direction from it, between it and another, or an area.",
               values=PRECISIONS),
        Column("is_metonym", "boolean", "A place that stands for its government (Damascus said).", null=False),
        Column("is_attribution", "boolean", "Named as the source of what is said.", null=False),
        Column("in_quote", "boolean", "Inside quotation marks.", null=False),
        Column("sentence_position", "int32", "The sentence it begins in, counted from 0 within its paragraph.", null=False),
    ),
)  # fmt: skip

CONFIDENCE = {
    "exact_alias": 0.95,
    "normalised_alias": 0.9,
    "defined_in_text": 0.85,
    "description": 0.8,
    "gazetteer": 0.8,
    "context": 0.75,
    "transliteration": 0.7,
    "ambiguous": 0.3,
}
"""How sure a decision is, by its reason: an ordering, checked by eye on development texts; not a calibrated probability."""

MOST_HITS, SHORTEST = 10_000, 6
"""Of a text with more than so many names and one in fewer than so many characters, nothing is read: names said on end are
no list that anybody wrote, and each costs about 40 microseconds."""

BRACKETED = re.compile(r"\s?[(\[]$")
PRO = re.compile(r"\b(?:pro|anti|non|ex)[-‐‑–]$", re.I)
SURROUNDINGS = 60  # characters on either side that must hold small letters for a weak acronym to be one


@dataclass(frozen=True)
class Names:
    """The names in a text: those that name something known, and the spans of capitalised ones that do not."""

    found: list[Name]
    unknown: list[tuple[int, int]]


def find_mentions(text: str, lexicon: Lexicon) -> list[Name]:
    """The found ones of `find_names`."""
    return find_names(text, lexicon).found


def find_names(text: str, lexicon: Lexicon) -> Names:
    """The names in one article's whole text (its parts joined by blank lines), in order, none inside another.

    The longest name wins. A weak alias counts where its evidence is named elsewhere by a strong one. A name that
    several entities share goes to the one that a place term, the article's other names or its size decides for;
    where none does it stays ambiguous. Then come abbreviations that the text itself defines, and names in spellings
    that no alias has.
    """
    folded = fold(text)
    hits = lexicon.find(text, folded)
    if len(hits) > max(MOST_HITS, len(text) / SHORTEST):
        return Names([], [])
    evidence = _evidence(longest_apart(hits))
    valid = [kept for hit in hits if (kept := _with_evidence(hit, text, folded, evidence, lexicon))]
    found = []
    for hit in longest_apart(valid):
        if not hit.naming.is_stop and (named := _resolve(hit, text, folded, evidence, lexicon)):
            found.append(named)
    found = _joined(found, text)
    found = with_defined(text, found, lexicon)
    unknown = find_unknown_names(text, [(f.start, f.end) for f in found], lexicon.words)
    if spelled := find_spelled(text, folded, found, unknown, evidence, lexicon):
        taken = {f.start for f in spelled}
        found = sorted([*found, *spelled], key=lambda f: f.start)
        unknown = [span for span in unknown if span[0] not in taken]
    return Names(found, unknown)


def _evidence(hits: Iterable[Hit]) -> Evidence:
    """Counts over names that need no evidence themselves and can be one thing only."""
    evidence = Evidence()
    for hit in hits:
        country, entity = hit.naming.evidence
        if country:
            evidence.countries[country] += 1
        if entity:
            evidence.entities[entity.entity_id] += 1
            evidence.forces += entity.entity_type == "force"
            if entity.admin1:
                evidence.regions[entity.country_code, entity.admin1] += 1
    return evidence


def _with_evidence(hit: Hit, text: str, folded: str, evidence: Evidence, lexicon: Lexicon) -> Hit | None:
    """The hit less its weak aliases without evidence; None where nothing is left."""
    if hit.naming.is_description and PRO.search(text, max(0, hit.start - 5), hit.start):
        return None  # pro-Syrian forces are not Syrian forces
    if not hit.naming.is_weak:
        return hit
    fitting = tuple(
        [a for a in hit.naming.aliases if not a.is_weak or _holds(a, hit, text, folded, evidence, lexicon)]
    )
    return Hit(hit.start, hit.end, lexicon.naming(fitting)) if fitting else None


def _holds(alias: Alias, hit: Hit, text: str, folded: str, evidence: Evidence, lexicon: Lexicon) -> bool:
    if alias.text.isupper() and len(alias.text) <= LONGEST_ACRONYM:
        around = text[max(0, hit.start - SURROUNDINGS) : hit.start] + text[hit.end : hit.end + SURROUNDINGS]
        if around.upper() == around and around.strip():
            return False  # in a text all in capitals a short word is just a word
    if not alias.requires:
        return evidence.entities[alias.entity.entity_id] > 0
    return any(
        all(_condition(c, hit, folded, evidence, lexicon) for c in alternative)
        for alternative in alias.requires
    )


def _condition(condition: str, hit: Hit, folded: str, evidence: Evidence, lexicon: Lexicon) -> bool:
    if condition.startswith("country:"):
        return evidence.countries[condition[8:]] > 0
    if condition == "war":
        return evidence.forces > 0
    if condition == "place_cue":
        return has_place_cue(folded, hit.start, hit.end, lexicon)
    return evidence.entities[condition] > 0


def _resolve(hit: Hit, text: str, folded: str, evidence: Evidence, lexicon: Lexicon) -> Name | None:
    """Decide what a name names; None for a name that is part of something else, as a person's or a street's."""
    start, end, naming = hit
    candidates: Sequence[Entity] = naming.entities
    words = words_before(folded, start)
    term = None
    if naming.can_be_place:
        term, with_term = find_term(folded, words, end, lexicon)
        if _is_part_of_a_name(text, folded, hit, term):
            return None
        if term and (of_kind := [c for c in candidates if c.kind == term.kind]):
            candidates = of_kind
            end = end if term.kind == "town" else with_term
    chosen: Entity | None = candidates[0]
    by_context = False
    if len(candidates) > 1:
        chosen, by_context = _choose(candidates, hit, evidence, named=bool(term and term.kind))
    surface = text[start : hit.end]
    named = chosen or candidates[0]
    own = [a for a in naming.aliases if a.entity is named]
    alias = own[0] if len(own) == 1 else max(own, key=lambda a: (a.text == surface, not a.is_weak))
    ordered = (
        (chosen, *(c for c in candidates if c is not chosen))
        if chosen and len(candidates) > 1
        else tuple(candidates)
    )
    is_place = named.entity_type == "place"
    precision = find_precision(folded, start, words, named.kind in AREAS, term) if is_place else None
    reason = _reason(alias, chosen, by_context, surface)
    return Name(
        start,
        end,
        chosen,
        ordered,
        reason,
        precision,
        *find_roles(folded, start, end, words, is_place, lexicon),
    )


def _is_part_of_a_name(text: str, folded: str, hit: Hit, term: PlaceTerm | None) -> bool:
    """Homs Street, Manchester City (a club where no preposition leads to it), Yusuf al-Halabi."""
    if term and term.kind == "none":
        after = NEXT_WORDS.match(folded, hit.end)
        return bool(after and text[after.start(1)].isupper())
    return folded.startswith(("al ", "el "), hit.start) and follows_a_forename(text, hit.start)


def _reason(alias: Alias, chosen: Entity | None, by_context: bool, surface: str) -> str:
    if chosen is None:
        return "ambiguous"
    if by_context or alias.is_weak:
        return "context"
    if alias.alias_type == "description":
        return "description"
    if not chosen.curated:
        return "gazetteer"
    return "exact_alias" if surface == alias.text else "normalised_alias"


NAMESAKE_RATIO = 10  # a place this many times as large as its next namesake is the one that is meant


def _choose(
    candidates: Sequence[Entity], hit: Hit, evidence: Evidence, named: bool
) -> tuple[Entity | None, bool]:
    """Of several: (the entity meant, whether the article's context decided), or (None, False) where it stays open."""
    rest = list(candidates)
    if not named and (towns := [c for c in rest if c not in hit.naming.areas]):
        rest = towns
    if len(rest) == 1:
        return rest[0], False
    strong = [c for c in rest if c in hit.naming.strong]
    if len(strong) == 1 and len({c.entity_type for c in rest}) > 1:
        return strong[0], False
    for votes in (
        {c: evidence.countries[c.country_code] for c in rest},
        {c: evidence.regions[c.country_code, c.admin1] for c in rest},
    ):
        most = max(votes.values())
        best = [c for c, n in votes.items() if n == most]
        if most and len(best) == 1:
            return best[0], True
        if most:
            rest = best
    curated = [c for c in rest if c.curated]
    if len(curated) == 1:
        return curated[0], False
    by_size = sorted(curated or rest, key=lambda c: -c.weight)
    if by_size[0].weight > NAMESAKE_RATIO * by_size[1].weight:
        return by_size[0], False
    return None, False


def _joined(found: list[Name], text: str) -> list[Name]:
    """A full name with its abbreviation or gloss in brackets is one mention: Syrian Democratic Forces (SDF)."""
    out: list[Name] = []
    for name in found:
        before = out[-1] if out else None
        if (
            before
            and before.entity is not None
            and name.entity == before.entity
            and BRACKETED.fullmatch(text[before.end : name.start])
            and text[name.end : name.end + 1] in (")", "]")
        ):
            out[-1] = before._replace(end=name.end + 1)
        else:
            out.append(name)
    return out
