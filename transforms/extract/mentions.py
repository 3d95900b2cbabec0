"""Names in texts: forces, places, outlets and organizations, with the reason for each decision."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from transforms.lexicon import Alias, Entity, Hit, Lexicon, PlaceTerm, fold
from transforms.schema import SPANS, Column, Table

MENTIONS = Table(
    "mentions",
    "One name in a text.",
    ("mention_id",),
    (
        Column("mention_id", "string", "Hash of document, span and entity type.", null=False),
        Column("article_id", "string", "The article it stands in.", null=False),
        *SPANS,
        Column("entity_type", "string", "What the name is of.", values=("force", "place", "outlet", "organization"), null=False),
        Column("entity_id", "string", "Whom it names: force_id, place_id, outlet_id or organization_id; null where it could be several."),
        Column("candidate_ids", "list<string>", "Everything it could name, the likeliest first.", null=False),
        Column("candidate_ids_text", "string", "The same, joined by a space.", null=False),
        Column("part", "string", "Where in the article; datelines and tags are left out of the counting views.",
               values=("title", "caption", "body", "dateline", "tags"), null=False),
        Column("resolution", "string",
               "Why this entity: the alias letter for letter, the alias but for case, accents or dashes, a standing "
               "description, a gazetteer name, the rest of the article; ambiguous = no entity could be chosen.",
               values=("exact_alias", "normalised_alias", "transliteration", "description", "defined_in_text", "context",
                       "gazetteer", "ambiguous"), null=False),
        Column("confidence", "double", "0 to 1, by resolution.", null=False),
        Column("geo_precision", "string", "For places: what is meant is there, near it, in a direction from it, between it and another, or an area.",
               values=("exact", "near", "direction", "between", "area")),
        Column("is_metonym", "boolean", "A place that stands for its government (Damascus said).", null=False),
        Column("is_attribution", "boolean", "Named as the source of what is said.", null=False),
        Column("in_quote", "boolean", "Inside quotation marks.", null=False),
        Column("sentence_position", "int32", "The sentence it begins in, counted from 0 within its paragraph.", null=False),
    ),
)  # fmt: skip

CONFIDENCE = {
    "exact_alias": 0.95,
    "normalised_alias": 0.9,
    "description": 0.8,
    "gazetteer": 0.8,
    "context": 0.75,
    "ambiguous": 0.3,
}
"""How sure a decision is, by its reason: an ordering, checked by eye on development texts; not a calibrated probability."""

AREAS = frozenset({"governorate", "district", "region", "country", "river"})
BRACKETED = re.compile(r"\s?[(\[]$")
DIRECTION = re.compile(
    r"\b(?:north|south|east|west)(?:[ -]?(?:north|south|east|west))?(?:ern)?(?:ward|wards)? of\s(?:the\s)?$", re.I
)
DISTANCE = re.compile(
    r"\b(?:km|kilomet(?:er|re)s?|miles?|m|met(?:er|re)s|yards)(?:\s\([^)]*\))?\s(?:away\s)?(?:from|outside|off)\s(?:the\s)?$",
    re.I,
)
BETWEEN = re.compile(r"\bbetween\s(?:the\s)?$", re.I)
PREPOSITION = re.compile(
    r"\b(?:in|at|near|from|to|of|outside|around|towards?|into|inside|on|through|via|reach(?:ed)?|left|entered|captured|seized|recaptured|retook|besieged|between|and)\s(?:the\s)?$",
    re.I,
)
SPOKEN_TO = re.compile(r"\b(?:according to|told|quoted by|reported by|citing|statement (?:by|from))\s(?:the\s)?$", re.I)
NEXT_WORDS = re.compile(r"[’']?s?[ -]([^\W\d_]+(?:[ -][^\W\d_]+){0,2})")
LAST_WORDS = re.compile(r"((?:[^\W_]+[ -]){1,3})(?:the )?$")
LONGEST_ACRONYM = 4
SURROUNDINGS = 60  # characters on either side that must hold small letters for a weak acronym to be one


@dataclass(frozen=True)
class Found:
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


@dataclass
class Evidence:
    """What an article's plain names say about its other ones."""

    entities: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    regions: Counter[tuple[str, str]] = field(default_factory=Counter)
    forces: int = 0


def find_mentions(text: str, lexicon: Lexicon) -> list[Found]:
    """The names in one article's whole text (its parts joined by blank lines), in order, none inside another.

    The longest name wins. A weak alias counts where its evidence is named elsewhere by a strong one. A name that
    several entities share goes to the one that a place term, the article's other names or its size decides for;
    where none does it stays ambiguous.
    """
    hits = lexicon.find(text)
    evidence = _evidence(_longest(hits))
    valid = [kept for hit in hits if (kept := _with_evidence(hit, text, evidence, lexicon))]
    found = [
        named
        for hit in _longest(valid)
        if hit.aliases[0].entity.entity_type != "stop" and (named := _resolve(hit, text, evidence, lexicon))
    ]
    return _joined(found, text)


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that overlap, the longest, then the first; in order of place."""
    taken: list[Hit] = []
    starts: list[int] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        at = bisect_left(starts, hit.start)
        if (at == 0 or taken[at - 1].end <= hit.start) and (at == len(taken) or hit.end <= starts[at]):
            taken.insert(at, hit)
            starts.insert(at, hit.start)
    return taken


def _evidence(hits: Iterable[Hit]) -> Evidence:
    """Counts over names that need no evidence themselves and can be one thing only."""
    evidence = Evidence()
    for hit in hits:
        plain = [a for a in hit.aliases if not a.is_weak]
        strong = {a.entity for a in plain if not _is_namesake_area(a)} or {a.entity for a in plain}
        countries = {e.country_code for e in strong}
        if len(countries) == 1 and (country := countries.pop()):
            evidence.countries[country] += 1
        if len(strong) == 1:
            entity = strong.pop()
            evidence.entities[entity.entity_id] += 1
            evidence.forces += entity.entity_type == "force"
            if entity.admin1:
                evidence.regions[entity.country_code, entity.admin1] += 1
    return evidence


def _is_namesake_area(alias: Alias) -> bool:
    """Whether this is an area called by its town's name: the town is meant unless a place term says otherwise."""
    return alias.alias_type == "short" and alias.entity.kind in AREAS


def _with_evidence(hit: Hit, text: str, evidence: Evidence, lexicon: Lexicon) -> Hit | None:
    """The hit less its weak aliases without evidence; None where nothing is left."""
    fitting = tuple(a for a in hit.aliases if not a.is_weak or _holds(a, hit, text, evidence, lexicon))
    return replace(hit, aliases=fitting) if fitting else None


def _holds(alias: Alias, hit: Hit, text: str, evidence: Evidence, lexicon: Lexicon) -> bool:
    if alias.text.isupper() and len(alias.text) <= LONGEST_ACRONYM:
        around = text[max(0, hit.start - SURROUNDINGS) : hit.start] + text[hit.end : hit.end + SURROUNDINGS]
        if around.upper() == around and around.strip():
            return False  # in a text all in capitals a short word is just a word
    if not alias.requires:
        return evidence.entities[alias.entity.entity_id] > 0
    return any(all(_condition(c, hit, text, evidence, lexicon) for c in alternative) for alternative in alias.requires)


def _condition(condition: str, hit: Hit, text: str, evidence: Evidence, lexicon: Lexicon) -> bool:
    if condition.startswith("country:"):
        return evidence.countries[condition[8:]] > 0
    if condition == "war":
        return evidence.forces > 0
    if condition == "place_cue":
        before = text[max(0, hit.start - 40) : hit.start]
        return bool(PREPOSITION.search(before)) or _term(hit, text, lexicon)[0] is not None
    return evidence.entities[condition] > 0


def _term(hit: Hit, text: str, lexicon: Lexicon) -> tuple[PlaceTerm | None, int]:
    """The place term right after or before a name, and where a name with a term after it ends."""
    if after := NEXT_WORDS.match(text, hit.end):
        words = re.split(r"[ -]", after[1])
        for n in range(len(words), 0, -1):
            phrase = fold(after[1])[: len(" ".join(words[:n]))]
            if term := lexicon.place_terms_after.get(phrase):
                return term, after.start(1) + len(phrase)
    if before := LAST_WORDS.search(fold(text[max(0, hit.start - 40) : hit.start])):
        words = before[1].split()
        for n in range(len(words), 0, -1):
            if term := lexicon.place_terms_before.get(" ".join(words[-n:])):
                return term, hit.end
    return None, hit.end


def _resolve(hit: Hit, text: str, evidence: Evidence, lexicon: Lexicon) -> Found | None:
    """Decide what a name names."""
    candidates = list(dict.fromkeys(a.entity for a in hit.aliases))
    term, end = (None, hit.end)
    if candidates[0].entity_type == "place" or any(c.entity_type == "place" for c in candidates):
        term, end = _term(hit, text, lexicon)
    if term and term.kind:
        of_kind = [c for c in candidates if c.kind == term.kind]
        if of_kind:
            candidates = of_kind
        elif term.kind != "town":
            end = hit.end
    else:
        end = hit.end
    if term and term.kind == "town":
        end = hit.end
    chosen, by_context = _choose(candidates, hit, evidence, named=bool(term and term.kind))
    surface = text[hit.start : hit.end]
    own = [a for a in hit.aliases if a.entity == (chosen or candidates[0])]
    alias = max(own, key=lambda a: (a.text == surface, not a.is_weak))
    ordered = tuple([chosen, *(c for c in candidates if c != chosen)] if chosen else candidates)
    return Found(
        hit.start,
        end,
        chosen,
        ordered,
        _reason(alias, chosen, by_context, surface),
        _precision(chosen or candidates[0], term, text, hit.start),
        *_roles(chosen or candidates[0], text, hit.start, end, lexicon),
    )


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


def _choose(candidates: Sequence[Entity], hit: Hit, evidence: Evidence, named: bool) -> tuple[Entity | None, bool]:
    """(the entity meant, whether the article's context decided), or (None, False) where it stays open."""
    rest = list(candidates)
    if len(rest) == 1:
        return rest[0], False
    areas = {a.entity for a in hit.aliases if _is_namesake_area(a)}
    if not named and (towns := [c for c in rest if c not in areas]):
        rest = towns
    if len(rest) == 1:
        return rest[0], False
    strong = [c for c in rest if any(a.entity == c and not a.is_weak for a in hit.aliases)]
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


def _precision(entity: Entity, term: PlaceTerm | None, text: str, start: int) -> str | None:
    if entity.entity_type != "place":
        return None
    before = text[max(0, start - 60) : start]
    if BETWEEN.search(before) or re.search(r"\bbetween\s(?:the\s)?[^.;]{2,40}\sand\s(?:the\s)?$", before, re.I):
        return "between"
    if DIRECTION.search(before):
        return "direction"
    if DISTANCE.search(before):
        return "near"
    if entity.kind in AREAS:
        return "area"
    return (term.precision if term else "") or "exact"


def _roles(entity: Entity, text: str, start: int, end: int, lexicon: Lexicon) -> tuple[bool, bool]:
    """(is a metonym, is an attribution): a name right before a verb of saying, or right after "according to"."""
    after = NEXT_WORDS.match(text, end)
    says = bool(after and lexicon.speech_verbs.get(fold(after[1]).split()[0]) and text[end : end + 1] == " ")
    told = bool(SPOKEN_TO.search(text[max(0, start - 30) : start]))
    return entity.entity_type == "place" and says, says or told


def _joined(found: list[Found], text: str) -> list[Found]:
    """A full name with its abbreviation or gloss in brackets is one mention: Syrian Democratic Forces (SDF)."""
    out: list[Found] = []
    for name in found:
        before = out[-1] if out else None
        if (
            before
            and before.entity is not None
            and name.entity == before.entity
            and BRACKETED.fullmatch(text[before.end : name.start])
            and text[name.end : name.end + 1] in (")", "]")
        ):
            out[-1] = replace(before, end=name.end + 1)
        else:
            out.append(name)
    return out


def find_quoted(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, curly or straight; a mark never closed runs to the end of its paragraph.

    >>> t = 'He “left” and "went".'
    >>> [t[a:b] for a, b in find_quoted(t)]
    ['“left”', '"went"']
    """
    return [m.span() for m in QUOTED.finditer(text)]


QUOTED = re.compile(r"“[^”\n]*(?:”|$|(?=\n))|\"[^\"\n]*(?:\"|$|(?=\n))|«[^»\n]*(?:»|$|(?=\n))", re.M)
