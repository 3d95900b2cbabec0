"""Events told: what happened, who did it to whom, where, when, and how sure the telling is of it."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b
from typing import NamedTuple

from transforms.article import Along, Article
from transforms.language.phrases import EventTerm, Phrase
from transforms.language.times import Time
from transforms.names.name import Name, id_of
from transforms.records.attributions import ATTRIBUTION, Attribution
from transforms.records.record import Record, Records, Row
from transforms.schema import ARTICLE_ID, PRECISIONS, SPANS, Column, Table

TYPES = (
    "armed_clash", "offensive", "air_strike", "shelling", "suicide_attack", "explosive_device", "attack_on_civilians", "abduction",
    "arrest", "territory_gained", "territory_lost", "withdrawal", "evacuation", "siege", "ceasefire", "movement", "displacement", "other",
)  # fmt: skip
EVENTS = Table(
    "events",
    "One event told by one article.",
    ("event_id",),
    (
        Column("event_id", "string", "Hash of document, span and type.", null=False),
        ARTICLE_ID,
        *SPANS,
        Column("event_type", "string", "What happened.", values=TYPES, null=False),
        Column("plover_event", "string", "The PLOVER event it maps to (POLECAT's ontology)."),
        Column("plover_mode", "string", "The PLOVER mode."),
        Column("ucdp_type_of_violence", "int32", "1 = state-based, 2 = non-state, 3 = one-sided, by who fights whom (UCDP); null where that is open."),
        Column("actor_ids", "list<string>", "Forces that do it, as the sentence names them.", null=False, links=("forces",)),
        Column("actor_id", "string", "The first of them.", links=("forces",), measured=True),
        Column("target_ids", "list<string>", "Forces it is done to.", null=False, links=("forces",)),
        Column("target_id", "string", "The first of them.", links=("forces",)),
        Column("place_id", "string", "Where.", links=("places",), measured=True),
        Column("geo_precision", "string", "What is meant of the place, as in mentions.", values=PRECISIONS),
        Column("date_start", "date32", "The first day it can have been."),
        Column("date_end", "date32", "The last day it can have been."),
        Column("date_precision", "string", "How precise the days are.", values=("day", "range", "week", "month", "year", "unknown"), null=False),
        Column("date_basis", "string", "How the days are known; see transforms/language/times.py."),
        Column("date_text", "string", "The time expression as printed."),
        Column("status", "string", "asserted by the writer, claimed by a party to the war, denied, planned, hypothetical or negated.",
               values=("asserted", "claimed", "denied", "planned", "hypothetical", "negated"), null=False),
        Column("attribution_id", "string", "Who says so, where the sentence names one.", links=("attributions",)),
        Column("trigger", "string", "The words that tell it.", null=False),
        Column("sentence", "string", "The sentence.", null=False),
        Column("event_key", "string", "Hash of type, place, day and parties: tellings of one event by different articles share it; null without a place or a day."),
    ),
)  # fmt: skip

BE = re.compile(r"\b(?:was|were|been|being|be|is|are|got|gets)\s(?:\w+ly\s|also\s|then\s|re)?$", re.I)
BY = re.compile(r"\bby\s(?:(?!(?:in|on|against|at|near|from|with|to)\s)[\w-]+\s){0,4}$", re.I)
FROM = re.compile(r"\bfrom\s(?:the\s)?$", re.I)
CAME_FROM = re.compile(r"\bc[ao]me\sfrom\s(?:the\s)?$", re.I)
LAND = re.compile(
    r"\b(?:territor\w*|control|ground|towns?|villages?|cit(?:y|ies)|areas?|bases?|districts?|neighbou?rhoods?|percent|province)\b",
    re.I,
)
BARRIER = re.compile(
    r"\b(?:since|as|after|when|which|who|that|under|because|where|despite|amid|enabl\w+|forc(?:ed|ing)|allow\w*|host\w*|backed|reached|told)\s(?!many\b|well\b|part\b)",
    re.I,
)
AGAINST = re.compile(
    r"\b(?:against|on|at|with|from|targeting|targeted|hit|hitting|fighting|battling|combat\w*|of|between|and|drive|oust|expel|dislodge|clear)\s(?:the\s|a\s|an\s|its\s|some\s|any\s|[\w-]+\s){0,3}$",
    re.I,
)
LIGHT = re.compile(
    r"\b(?:launch\w*|carr(?:y|ied|ies|ying) out|conduct\w*|stag\w+|mount\w*|beg[au]n\w*|open\w*|resum\w+|continu\w+|start\w*|wag\w+|intensif\w+|unleash\w*|execut\w*|commit\w*|made|making|perpetrat\w*|claim\w*|blam\w*|announc\w*|declar\w*)\b",
    re.I,
)
NEGATED = re.compile(
    r"\b(?:not|never|no|without|n['’]t|neither|nor|failed to|unable to|denied|denies|deny|halted|foiled|thwarted|repelled|prevent\w*|stop\w*|rather than|instead of)\s(?:\w+\s){0,3}$",
    re.I,
)
PLANNED = re.compile(
    r"\b(?:will|to|would|plans?|planned|planning|preparing|prepares?|vow\w*|set|about|aim\w*|intend\w*|ready|going|ordered|called for|calls for|want\w*|seek\w*|threaten\w*|pledg\w*)\s(?:to\s|for\s)?(?:\w+\s){0,2}$",
    re.I,
)
HYPOTHETICAL = re.compile(
    r"\b(?:if|could|might|may|should|whether|unless|possible|potential|feared?|would|can)\s(?:\w+\s){0,1}$",
    re.I,
)
OPENS_WITH_IF = re.compile(r"(?:if|should|unless)\s", re.I)
INVOLVED = re.compile(r"\b(?:responsib\w+|involve\w+|behind)\b", re.I)
NO_PLAN = re.compile(r"\b(?:according|due|thanks|led|used|began|begun|started|continu\w+) to\s", re.I)
UNKNOWING = re.compile(
    r"\b(?:acknowledg\w*|confirm\w*|comment\w*|mention\w*|identif\w*|say|specif\w*|know\w*|clear|claim\w*|name[ds]?)\s(?:\w+\s){0,3}$",
    re.I,
)
EASES = re.compile(
    r"(?:to|would|will)\s(?!launch|carry|conduct|stage|mount|begin|start|open|resume|continue|wage)\w+", re.I
)
VERBAL = re.compile(r"\b(?:to|will|would|can|could|may|might|should|must|not)\s(?:\w+ly\s)?$", re.I)
CLAUSES = re.compile(r";|,?\s(?:while|but|whereas|although|after which|before)\s")
VICTIMS = re.compile(
    r"\b(?:civilians?|men|women|children|people|residents?|villagers?|prisoners?|hostages?|journalists?|families|worshippers|boys|girls|activists?|workers|students|tribesmen)\b",
    re.I,
)
GENERIC = frozenset(
    "rockets missiles rocket missile attack attacks attacked attacking assault raid raided targeted strike strikes struck bombed bombing bombardment pounded pounding killed killing".split()
)
INSTRUMENTS = (
    ("suicide_attack", re.compile(r"\bsuicide\b", re.I)),
    ("explosive_device", re.compile(r"\b(?:car|truck|roadside|vehicle|motorcycle)[- ]?bomb\w*|\b(?:IEDs?|landmines?|mines?|explosive devices?|booby)\b|\bblast\b", re.I)),
    ("air_strike", re.compile(r"\b(?:drones?|warplanes?|jets?|aircraft|helicopters?|barrel bombs?|air ?strikes?|air|aerial|warplane|planes?)\b", re.I)),
    ("shelling", re.compile(r"\b(?:mortars?|rockets?|shells?|shelling|artillery|howitzers?|missiles?)\b", re.I)),
    ("explosive_device", re.compile(r"\bbombs?\b", re.I)),
)  # fmt: skip
TAKING = frozenset(
    [
        "took",
        "taken",
        "secured",
        "seized",
        "cleared",
        "captured",
        "have taken",
        "has taken",
        "had taken",
        "occupied",
    ]
)
PARTICIPLES = frozenset(
    ["killed", "executed", "beheaded", "arrested", "detained", "captured", "abducted", "kidnapped"]
)
COUNTED = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens|scores|hundreds|several|many)\b)[^,;]*$",
    re.I,
)
BESIDE = re.compile(
    r"\b(?:close to|near|citing|members? of|belong\w* to|linked to|ties to|allied with|fled from|away from|loyal to|(?<!such )as|home to"
    r"|(?:held|controlled|ruled|run|occupied|dominated|besieged|surrounded|backed|supported|claimed) by|(?:under the )?control of|hands of)\s(?:the\s|a\s|an\s|[\w-]+\s){0,2}$",
    re.I,
)
HOLDS = re.compile(
    r"\s?[-–](?:held|controlled|run|ruled|occupied|besieged|dominated|affiliated|linked|aligned)\b", re.I
)
OBJECT = re.compile(
    r"\s(?:(?:the|a|an|his|her|its|their|at least|more than|some|dozens|several|many|another|about|around|nearly|over|up to|\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten)\s(?!years|months|weeks|days|hours)|[A-Z])",
)
INTRANSITIVE = re.compile(
    r"(?:\s(?:in|at|near|by|during|along|outside|inside|after|following|for|as|amid|over)\b|[.,;:]|\s*$)",
    re.I,
)
ADJECTIVE = re.compile(
    r"\b(?:the|an?|in|of|for|from|with|these|those|some|many|several|most|other|internally|newly|recently|its|their|his|her|all|\d+)\s$",
    re.I,
)
HUMANS = re.compile(r"\s(?:people|persons?|civilians|families|residents|population)\b", re.I)
GOVERNS = re.compile(
    r"(?:\s(?:has|have|had|is|are|also|then|and|its|allies|\w+ly|on|since|mon|tues|wednes|thurs|fri|satur|sun|\w*day|been))*\s",
    re.I,
)
PREPOSITION = re.compile(
    r"\b(?:in|of|from|near|to|against|on|at|with|for|into|across|inside|outside|and|around|over|via|through)\s(?:the\s)?$",
    re.I,
)
NOT_ONE = re.compile(r"\s(?:violations?|breach\w*|monitors?|talks|deal|line|lines|zone)\b", re.I)
OWN = re.compile(r"(?:['’]s?)?\s(?:[\w-]+\s)?")
WEAPON = re.compile(
    r"(?:['’]s)?\s(?:(?:fighter|military|regime|government|air|combat|attack|army)\s)?((?:warplanes?|jets?|drones?|aircraft|helicopters?|artillery|forces|troops|air force|planes?|missiles?|rockets?)(?:\s|(?=[.,;])))?"
)
STATE = frozenset({"state_military", "coalition", "police"})
PARTY_REACH = 110
OBJECT_REACH = 45
LIGHT_REACH = 60
RELATIVE = re.compile(
    r"\b(?:which|who|that)\s(?:(?:has|have|had|on \w+day|also|then|later|recently|\w+ly|fully|full)\s)*(.*)$",
    re.I | re.S,
)


class Event(NamedTuple):
    """An event whose trigger stands at text[start:end]; see EVENTS."""

    start: int
    end: int
    term: EventTerm
    event_type: str
    actors: tuple[Name, ...]
    targets: tuple[Name, ...]
    place: Name | None
    time: Time | None
    status: str
    by: Attribution | None
    one_sided: bool

    @property
    def ucdp(self) -> int | None:
        """UCDP's type of violence: 1 state-based, 2 non-state, 3 one-sided."""
        if self.event_type in ("ceasefire", "movement", "evacuation", "displacement", "arrest", "withdrawal"):
            return None
        if self.one_sided:
            return 3
        kinds = [[f.entity.kind for f in side if f.entity] for side in (self.actors, self.targets)]
        if not kinds[0] or not kinds[1]:
            return None
        return 1 if any(k in STATE for side in kinds for k in side) else 2

    @property
    def key(self) -> str | None:
        """What different tellings of the event share; None without a place or a day."""
        if (
            self.place is None
            or self.place.entity is None
            or self.time is None
            or self.time.precision != "day"
        ):
            return None
        parties = sorted({f.entity.entity_id for f in (*self.actors, *self.targets) if f.entity})
        said = "|".join([self.event_type, self.place.entity.entity_id, str(self.time.first), *parties])
        return blake2b(said.encode(), digest_size=16).hexdigest()


def _row(e: Event, records: Records) -> Row:
    actors, targets = ([i for f in side if (i := id_of(f))] for side in (e.actors, e.targets))
    time, text = e.time, records.article.text
    return {
        "event_type": e.event_type, "plover_event": e.term.plover_event or None, "plover_mode": e.term.plover_mode or None,
        "ucdp_type_of_violence": e.ucdp, "actor_ids": actors, "actor_id": actors[0] if actors else None,
        "target_ids": targets, "target_id": targets[0] if targets else None, "place_id": id_of(e.place),
        "geo_precision": e.place.geo_precision if e.place else None, "date_start": time.first if time else None,
        "date_end": time.last if time else None, "date_precision": time.precision if time else "unknown",
        "date_basis": time.basis if time else None, "date_text": text[time.start : time.end] if time else None,
        "status": e.status, "attribution_id": records.id_of(ATTRIBUTION, e.by), "trigger": text[e.start : e.end],
        "sentence": records.sentence(e.start), "event_key": e.key,
    }  # fmt: skip


def find_events(article: Article, attributions: list[Attribution]) -> list[Event]:
    """The events of an article, in order of place: one a trigger, the same type once a clause. Only those with a party
    or a place that is known."""
    frame, terms = article.frame, article.lexicon.terms
    found: list[Event] = []
    clauses = Along(attributions, lambda a: a.cue_start)
    for start, end in article.sentences:
        if article.is_title(start):
            continue
        told: set[tuple[str, int]] = set()
        near = article.event_words.between(start, end)
        if not near or article.is_list(start, end):
            continue
        cuts = [m.span() for m in CLAUSES.finditer(frame, start, end)]
        said = clauses.between(start, end)
        words = [
            m
            for m in near
            if not (article.named(m.start(), m.end(), "force") or article.named(m.start(), m.end(), "place"))
        ]
        for m in words:
            term = terms.events[m.form]
            if (
                term.syntax in ("act", "move")
                and term.event_type != "siege"
                and m.form.endswith("ed")
                and (
                    ADJECTIVE.search(frame, max(start, m.start() - 14), m.start())
                    or HUMANS.match(frame, m.end())
                )
            ):
                continue  # in abandoned houses, the displaced families
            clause = _clause(cuts, start, end, m.start())
            if m.form == "targeted" and any(o is not m and clause[0] <= o.start() < clause[1] for o in words):
                continue  # the blast targeted: the blast tells it
            if term.syntax == "noun" and VERBAL.search(frame, max(start, m.start() - 24), m.start()):
                term = replace(term, syntax="act")  # will attack, to ambush
            acts = [o.span() for o in words if o.start() < m.start() and terms.events[o.form].syntax == "act"]
            event = _event(article, m, term, clause, (start, end), said, acts)
            if event and (event.event_type, clause[0]) not in told:
                told.add((event.event_type, clause[0]))
                found.append(event)
    return found


def _clause(cuts: list[tuple[int, int]], start: int, end: int, at: int) -> tuple[int, int]:
    if not cuts:
        return start, end
    before = max((b for a, b in cuts if b <= at), default=start)
    after = min((a for a, b in cuts if a > at), default=end)
    return before, after


def _event(
    article: Article,
    m: Phrase,
    term: EventTerm,
    clause: tuple[int, int],
    sentence: tuple[int, int],
    said: list[Attribution],
    acts: list[tuple[int, int]],
) -> Event | None:
    frame = article.frame
    if any(a.cue_start <= m.start() < a.cue_end for a in said) or NOT_ONE.match(frame, m.end()):
        return None
    speakers = {(n.start, n.end) for a in said for n in article.named(a.name_start, a.name_end)}
    forces = [
        f for f in article.named(*clause, "force")
        if (f.start, f.end) not in speakers
        and not BESIDE.search(frame, max(clause[0], f.start - 40), f.start)
        and not HOLDS.match(frame, f.end)
    ]  # fmt: skip
    before = [f for f in forces if f.end <= m.start()]
    while len(before) > 1 and any(
        before[0].end <= a and b <= before[-1].start and before[-1].start - b < OBJECT_REACH for a, b in acts
    ):
        before.pop()  # the object of an earlier verb: the army killed three ISIS men and detained
    after = [f for f in forces if m.end() <= f.start <= m.end() + PARTY_REACH]
    left = frame[clause[0] : m.start()]
    passive = (
        bool(BE.search(left[-40:]))
        or frame.startswith(" by ", m.end())
        or (
            m.form in PARTICIPLES
            and not OBJECT.match(frame[m.end() : m.end() + 24])
            and bool(INTRANSITIVE.match(frame[m.end() : clause[1]]) or COUNTED.search(left[-60:]))
        )
    )
    actors, targets = _parties(frame, term, m, before, after, passive)
    targets = [t for t in targets if all(t.entity is not a.entity for a in actors)]
    if not actors:
        actors = _of_a_nation(article, m, term, clause, passive)
    place = _place(article, m, term, clause, sentence, passive)
    victims = VICTIMS.search(frame[m.end() : min(clause[1], m.end() + 60)]) or (
        passive and VICTIMS.search(left[-60:])
    )
    event_type = _type(
        term,
        frame[max(clause[0], m.start() - 60) : min(clause[1], m.end() + 60)],
        frame[slice(*sentence)],
        bool(victims) and not targets,
    )
    if m.form in ("killed", "killing", "shot dead", "gunned down") and (
        not actors or not (targets or victims)
    ):
        return None
    if event_type == "territory_gained" and (
        place is None or (m.form in TAKING and not _is_land(article, m, place, passive))
    ):
        return None
    if event_type == "territory_lost" and (
        place is None or (m.form == "lost" and not LAND.search(frame, m.end(), m.end() + 60))
    ):
        return None
    if (not actors and not targets and place is None) or (term.syntax == "with" and not targets):
        return None
    by = min(said, key=lambda a: abs(a.cue_start - m.start()), default=None)
    one_sided = (
        bool(victims) and not targets and event_type in ("attack_on_civilians", "abduction", "suicide_attack")
    )
    time = _time(article, sentence, m.start())
    return Event(
        start=m.start(),
        end=m.end(),
        term=term,
        event_type=event_type,
        actors=tuple(actors),
        targets=tuple(targets),
        place=place,
        time=time,
        status=_status(term, left, by),
        by=by,
        one_sided=one_sided,
    )


def _type(term: EventTerm, around: str, sentence: str, on_civilians: bool) -> str:
    """The type of an event: by the instrument named beside a word that says attack, strike or bombing, or else in its
    sentence; failing that the word's own."""
    if term.form in GENERIC:
        for stretch in (around, sentence):
            for event_type, instrument in INSTRUMENTS:
                if instrument.search(stretch):
                    return event_type
    return (
        "attack_on_civilians"
        if term.event_type == "armed_clash" and on_civilians and term.syntax != "with"
        else term.event_type
    )


def _of_a_nation(
    article: Article, m: Phrase, term: EventTerm, clause: tuple[int, int], passive: bool
) -> list[Name]:
    """The armed forces of a nation that is said to do it: Turkish drone strike, Russian warplanes struck, Moscow launched
    air strikes, carried out by the United States."""
    frame, lexicon = article.frame, article.lexicon
    for nation in article.nations.between(max(clause[0], m.start() - 40), m.start() + 1):
        if WEAPON.fullmatch(frame[nation.end() : m.start()]):
            return [_force_of(article, nation)]
    for nation in article.nations.between(clause[0], min(clause[1], m.end() + PARTY_REACH)):
        weapon = WEAPON.match(frame, nation.end())
        if not weapon or not weapon[1]:
            continue
        if nation.start() >= m.end():
            between = frame[m.end() : nation.start()]
            does = bool(BY.search(between)) and not BARRIER.search(between)
        else:
            does = term.syntax == "noun" and bool(LIGHT.match(frame, weapon.end()))
        if does:
            return [_force_of(article, nation)]
    for place in article.named(clause[0], min(clause[1], m.end() + PARTY_REACH), "place"):
        named = place.entity or place.candidates[0]
        state = lexicon.state_forces.get(named.country_code)
        if frame[place.end : place.end + 1] in ("-", "–"):
            continue  # UK-made
        if state is None or named.kind not in ("country", "town"):
            continue
        if place.start >= m.end():
            does = bool(BY.search(frame[m.end() : place.start])) and article.is_doer(place)
        elif term.syntax == "noun":
            between = frame[place.end : m.start()]
            does = (
                bool(LIGHT.search(between))
                and len(between) < PARTY_REACH
                and not re.search(r"[;:]|\b(?:by|not|never)\b", between)
            )
        else:
            does = (
                named.kind == "country"
                and not passive
                and bool(GOVERNS.fullmatch(frame[place.end : m.start()]))
            )
        if does and not PREPOSITION.search(frame, max(clause[0], place.start - 20), place.start):
            return [Name(place.start, place.end, state, (state,), "description")]
    return []


def _force_of(article: Article, nation: Phrase) -> Name:
    """The armed forces that a nationality stands for, where it is named."""
    entity = article.lexicon.entities[article.lexicon.terms.nations[nation.form]]
    return Name(nation.start(), nation.end(), entity, (entity,), "description")


def _parties(
    frame: str, term: EventTerm, m: Phrase, before: list[Name], after: list[Name], passive: bool
) -> tuple[list[Name], list[Name]]:
    """(who does it, to whom), by voice and prepositions; empty where neither says so."""
    by = [f for f in after if BY.search(frame[m.end() : f.start])]
    if after and (barrier := BARRIER.search(frame, m.end(), m.end() + PARTY_REACH)):
        after = [f for f in after if f.start < barrier.start() or f in by]
    if term.syntax == "noun" and term.event_type in ("shelling", "air_strike"):
        by = by or [
            f for f in after if FROM.search(frame[m.end() : f.start])
        ]  # bombardment from government forces
    if not by and term.syntax == "noun":
        by = [f for f in after if CAME_FROM.search(frame[m.end() : f.start])]
    against = [f for f in after if f not in by and AGAINST.search(frame[m.end() : f.start])]
    subject = _relative(frame, before, m.start()) if term.syntax in ("act", "move") else None
    if subject is None:
        subject = _subject(frame, before)
    if term.syntax == "to":
        return after[:1], []
    if term.syntax == "noun":
        if "between" in frame[m.end() : m.end() + 12]:
            return after[:1], after[1:2]
        targets = [f for f in against if f not in by][:2]
        if by:
            return _with_next(frame, by), targets
        if before and OWN.fullmatch(frame[before[-1].end : m.start()]):
            return before[-1:], targets  # ISIS attack, the army's shelling of
        if before and LIGHT.search(frame, max(before[-1].end, m.start() - LIGHT_REACH), m.start()):
            return subject, targets
        if (
            m.form.endswith(" of")
            and after
            and re.fullmatch(r"\s(?:the\s)?", frame[m.end() : after[0].start])
        ):
            return [], after[:1]
        if before and targets and term.event_type == "offensive":
            return subject, targets
        return [], targets
    if term.syntax == "move":
        return subject, []
    if passive and term.syntax == "act":
        return _with_next(frame, by), subject
    objects = [f for f in after if f not in by]
    if term.syntax == "with" and not objects:
        return subject[:1], subject[1:]  # the one and the other clashed
    return subject, objects[:1]


def _relative(frame: str, before: list[Name], at: int) -> list[Name] | None:
    """The subject of a verb in a relative clause: the name that "which" goes back to (from ISIS, which took), nobody known where
    the clause has a subject of its own (near Palmyra which government forces recaptured); None outside such a clause."""
    clause = RELATIVE.search(frame, before[-1].end, at) if before else None
    if clause is None or "," in clause[1]:
        return None
    return [] if clause[1].strip() else before[-1:]


def _subject(frame: str, before: list[Name]) -> list[Name]:
    """The last names before a verb that belong together: the army and its allies."""
    if not before:
        return []
    out = [before[-1]]
    for f in reversed(before[:-1]):
        if not re.fullmatch(
            r"(?:,\s|\sand\s|,\sand\s)(?:the\s|its\s|allied\s)*", frame[f.end : out[0].start]
        ):
            break
        out.insert(0, f)
    if AGAINST.search(frame[max(0, out[0].start - 30) : out[0].start]) and len(before) > len(out):
        return _subject(frame, before[: len(before) - len(out)])
    return out


def _with_next(frame: str, by: list[Name]) -> list[Name]:
    return [
        f
        for i, f in enumerate(by)
        if i == 0 or re.fullmatch(r"(?:,\s|\sand\s|,\sand\s)(?:the\s)?", frame[by[i - 1].end : f.start])
    ]


def _is_land(article: Article, m: Phrase, place: Name, passive: bool) -> bool:
    """Whether a plain verb of taking takes the place: it is its object ("took the town of X", "X was taken")."""
    if passive or place.end <= m.start():
        return bool(passive and place.end <= m.start())
    between = article.frame[m.end() : place.start]
    return bool(
        re.fullmatch(
            r"(?:\sfrom\s[^,;]{2,40}?)?(?:\sof)?\s(?:(?:the|a|an|all|most|parts?|several|some|a number|number|more|key|strategic|nearby|two|three|dozens?|many|new|last|entire|whole|small|villages?|towns?|cit(?:y|ies)|areas?|neighbou?rhoods?|districts?|positions?|territory|center|centre|control|northern|southern|eastern|western|border|of|and|in|around|near|the)\s)*",
            between,
        )
    )


def _place(
    article: Article,
    m: Phrase,
    term: EventTerm,
    clause: tuple[int, int],
    sentence: tuple[int, int],
    passive: bool,
) -> Name | None:
    if term.event_type.startswith("territory") and (passive or term.syntax == "to"):
        before = article.whereabouts(clause[0], m.start())
        exact = [p for p in before if p.geo_precision not in ("direction", "near", "between")]
        if before:
            return (exact or before)[-1]
    return article.nearest_place(*clause, m.end()) or article.nearest_place(*sentence, m.end())


def _time(article: Article, sentence: tuple[int, int], at: int) -> Time | None:
    """The sentence's time nearest to the trigger, one that dates it before one that dates what is said of it."""
    return min(article.timed(*sentence), key=lambda t: abs(t.start - at), default=None)


def _status(term: EventTerm, left: str, by: Attribution | None) -> str:
    near = left[-40:]
    if by and by.stance == "denies" and not INVOLVED.search(left[-60:]):
        return "denied"
    if NEGATED.search(near) and not UNKNOWING.search(near):
        return "negated"
    if HYPOTHETICAL.search(near) or OPENS_WITH_IF.match(left):
        return "hypothetical"
    if (
        (plan := PLANNED.search(near))
        and not (term.syntax == "noun" and EASES.match(plan[0]))
        and not NO_PLAN.search(near)
    ):
        return "planned"
    return (
        "claimed"
        if by and (by.claimant_type in ("belligerent", "state_media") or by.stance == "claims")
        else "asserted"
    )


EVENT = Record(EVENTS, lambda r: find_events(r.article, r.of(ATTRIBUTION)), lambda e: e.event_type, _row)
