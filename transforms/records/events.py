"""Events told: what happened, who did it to whom, where, when, and how sure the telling is of it."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from transforms.article import Along, Article, _rank
from transforms.language.clauses import VERBS, Verb
from transforms.language.phrases import EventTerm, Phrase
from transforms.language.times import Time
from transforms.names.name import Name, id_of
from transforms.records.attributions import ATTRIBUTION, Attribution
from transforms.records.record import Record, Records, Row
from transforms.records.syntax import CAME, LIGHT, RELATIVES, WHERE, Syntax
from transforms.schema import ARTICLE_ID, PRECISIONS, SPANS, Column, Table

TYPES = (
    "armed_clash", "offensive", "air_strike", "shelling", "suicide_attack", "explosive_device", "attack_on_civilians", "abduction",
    "arrest", "territory_gained", "territory_lost", "territory_held", "withdrawal", "evacuation", "siege", "ceasefire", "movement", "displacement", "other",
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

INVOLVED = re.compile(r"\b(?:responsib\w+|involve\w+|behind)\b", re.I)
NEGATED = re.compile(
    r"\b(?:not|never|no|without|n['’]t|neither|nor|failed to|unable to|denied|denies|deny|halted|foiled|thwarted|repelled|prevent\w*|stop\w*|rather than|instead of)\s(?:\w+\s){0,3}$",
    re.I,
)
PLANNED = re.compile(
    r"\b(?:will|to|would|plans?|planned|planning|preparing|prepares?|vow\w*|set|about|aim\w*|intend\w*|ready|going|ordered|orders? for|call(?:s|ed)? for|demand(?:s|ed)?(?: for)?|want\w*|seek\w*|threaten\w*|pledg\w*)\s(?:to\s|for\s)?(?:\w+\s){0,2}$",
    re.I,
)
HYPOTHETICAL = re.compile(
    r"\b(?:if|could|might|may|should|whether|unless|possible|potential|fear(?:s|ed|ing)?|would|can)\s(?:(?:of|that|a|an|the|another|new|\w+)\s){0,2}$",
    re.I,
)
OPENS_WITH_IF = re.compile(r"(?:if|should|unless|had)\s(?!been\b)", re.I)
NO_PLAN = re.compile(r"\b(?:according|due|thanks|led|used|began|begun|started|continu\w+) to\s", re.I)
UNKNOWING = re.compile(
    r"\b(?:acknowledg\w*|confirm\w*|comment\w*|mention\w*|identif\w*|say|specif\w*|know\w*|clear|claim\w*|name[ds]?)(?:\s\w+){0,3}\s?$",
    re.I,
)
EASES = re.compile(
    r"(?:to|would|will)\s(?!launch|carry|conduct|stage|mount|begin|start|open|resume|continue|wage)\w+", re.I
)
VICTIMS = re.compile(
    r"\b(?:civilians?|men|women|children|people|residents?|villagers?|prisoners?|hostages?|journalists?|families|worshippers|boys|girls|activists?|workers|students|tribesmen)\b",
    re.I,
)
GENERIC = frozenset(
    "rockets missiles rocket missile attack attacks attacked attacking assault raid raided targeted raids strike strikes struck bombed bombing bombings bombardment pounded pounding killed killing".split()
)
INSTRUMENTS = (
    ("suicide_attack", re.compile(r"\bsuicide\b", re.I)),
    ("explosive_device", re.compile(r"\b(?:car|truck|roadside|vehicle|motorcycle)[- ]?bomb\w*|\b(?:IEDs?|landmines?|mines?|explosive devices?|booby)\b|\bblast\b", re.I)),
    ("air_strike", re.compile(r"\b(?:drones?|warplanes?|jets?|aircraft|helicopters?|barrel bombs?|air ?strikes?|air|aerial|warplane|planes?)\b", re.I)),
    ("shelling", re.compile(r"\b(?:mortars?|rockets?|shells?|shelling|artillery|howitzers?|missiles?)\b", re.I)),
    ("explosive_device", re.compile(r"\bbombs?\b", re.I)),
)  # fmt: skip
NOT_ONE = re.compile(r"\s(?:violations?|breach\w*|monitors?|talks|deal|line|lines|zone)\b", re.I)
STATE = frozenset({"state_military", "coalition", "police"})
EVENTFUL = re.compile(
    r"(?:campaigns?|operations?|waves?|series|fire|attacks?|strikes?|offensives?|raids?|assaults?|attempts?|incidents?|missions?|agreements?|deals?|blasts?|bombings?|explosions?)$",
    re.I,
)
LAND = re.compile(
    r"(?:control|territor\w*|ground|towns?|villages?|cit(?:y|ies)|areas?|bases?|districts?|neighbou?rhoods?|parts?|all|most|half|much|rest|outskirts|cent(?:er|re)|percent|%|provinces?|districts?"
    r"|airports?|crossings?|airbases?|camps?|positions?|regions?|suburbs?|quarters?|stronghold|strongholds|capital|countryside|hamlets?|swathes?|strip|enclave|pocket|fields?|refinery|dam|bridge|hill|hills|citadel|mosque|hospital|university|one|several|some|\d+)$",
    re.I,
)
SHOOTS = re.compile(r"fir(?:e|es|ed|ing)$")
EQUIPMENT_OF = re.compile(
    r"(?:forces?|troops?|fighters?|soldiers?|units?|men|militants?|army|personnel|contingents?|brigades?|battalions?|all|positions?|presence)$",
    re.I,
)
SUFFERING = re.compile(
    r"(?:die[sd]?|dying|suffer\w*|los[et]\w*|perish\w*|f[ae]ll\w*|is|are|was|were|been|said|condemn\w*|surviv\w*|escap\w*|flee\w*|fled|denied|den[iy]\w*|accus\w*|blam\w*)$",
    re.I,
)
MEANS = ("in", "with", "through", "during", "by", "via", "using")
FROM_AFAR = re.compile(r"attack|target|strike|struck|bomb|pound")
STANDING = re.compile(r"(?:positions?|shelter|cover|refuge)$", re.I)
DEMANDING = re.compile(r"(?:demand|urg|propos|recommend|order|insist|request|suggest|want|hop)\w*$", re.I)
NEARLY = re.compile(r"(?:almost|nearly)$", re.I)
ASCRIBING = re.compile(r"(?:attribut|blam|ascrib)\w*$", re.I)
HITS = re.compile(
    r"(?:hit|target|kill|wound|injur|destroy|struck|strik|pound|damag|devastat|maul|rout|repel|drove|driv|left|leav)\w*$",
    re.I,
)
HELD = re.compile(r"(?:held|controlled|ruled|run|occupied|dominated)$", re.I)
AGAINST = re.compile(
    r"(?:oust|expel|drive|dislodge|clear|fight|combat|defeat|push|target|hit|repel|counter)$", re.I
)
LEAVING = frozenset(
    "abandoned abandon abandons abandoning vacated vacate vacates vacating left leave leaves leaving".split()
) | {"has evacuated", "have evacuated", "had evacuated"}
LOSING = frozenset(
    [
        "lost",
        "lose",
        "loses",
        "losing",
        "lost control of",
        "losing control of",
        "lose control of",
        "loses control of",
        "ceded",
        "cede",
        "cedes",
        "ceding",
        "surrendered control of",
        "surrendered",
        "surrender",
        "handed over",
        "hand over",
        "handing over",
    ]
)
ALSO_NOUNS = frozenset(
    ["advance", "advances", "retreat", "assault", "capture", "recapture", "evacuation", "attack"]
)
OTHER_SENSE = re.compile(
    r"(?:deals?|agreements?|accords?|pacts?|bargains?|balance|chords?|blow|notes?|tone|lives|life|talks|negotiations|conversation|attention|years?|months?|weeks?|days?|time|place|part|opportunity|chance|steps?|measures?|action|office|power|responsibility|advantage|note|oath|hope|faith|patience|sight|touch|ground\sto)$",
    re.I,
)
WEAPONS = re.compile(
    r"\b(?:rockets?|missiles?|shells?|mortars?|artillery|projectiles?|bombs?|drones?|grads?|munitions?|rounds?|warheads?|barrels?)\b",
    re.I,
)
NEVER = re.compile(r"\b(?:never|no longer|without|nor|neither|instead of|rather than)$")
NOBODY = re.compile(r"(?:no|neither|none|nobody)$", re.I)
IF = re.compile(r"(?:if|unless|whether|lest)$", re.I)
WILL = re.compile(r"(?:will|shall|['’]ll|would)$", re.I)
UNREAL = re.compile(
    r"(?:fear|suspect|expect|warn|threat|risk|imagin|predict|anticipat|consider|await)\w*$", re.I
)
PREVENTING = re.compile(
    r"(?:prevent|foil|thwart|repel|avert|avoid|deni|deny|rul(?:e|ed|ing)|reject|stopp|cancel|ward|block)\w*$",
    re.I,
)
PLANNING = re.compile(
    r"(?:plan|prepar|call|urg|demand|propos|order|schedul|vow|pledg|promis|seek|sought|want|discuss|agree|postpon|delay|intend|recommend)\w*$",
    re.I,
)
MANAGING = re.compile(
    r"\b(?:manag\w+|able|beg[au]n\w*|start\w*|continu\w*|used|went|helped|help|helping|succeed\w*|forced|led|proceed\w*|came|able|went on|allow\w*|enabl\w*)\b",
    re.I,
)
FAILING = re.compile(r"\b(?:fail\w*|refus\w*|unable|declin\w*|neglect\w*)\b", re.I)
SAYING = frozenset("L8")


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
        if self.event_type in (
            "ceasefire",
            "movement",
            "evacuation",
            "displacement",
            "arrest",
            "withdrawal",
            "territory_held",
        ):
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
    found: list[Event] = []
    clauses = Along(attributions, lambda a: a.cue_start)
    finder = Finder(article)
    for start, end in article.sentences:
        if article.is_title(start):
            continue
        near = article.event_words.between(start, end)
        if not near or article.is_list(start, end):
            continue
        told: set[tuple[str, int]] = set()
        said = clauses.between(start, end)
        for m in near:
            if article.named(m.start(), m.end(), "force") or article.named(m.start(), m.end(), "place"):
                continue
            if any(a.cue_start <= m.start() < a.cue_end for a in said):
                continue
            event, clause = finder.event(m, (start, end), said)
            if event and (event.event_type, clause) not in told:
                told.add((event.event_type, clause))
                found.append(event)
    flown = {a.entity for e in found if e.event_type == "air_strike" for a in e.actors}
    return [
        e._replace(event_type="air_strike")
        if e.event_type == "armed_clash"
        and e.term.form in GENERIC
        and any(a.entity in flown for a in e.actors)
        else e
        for e in found
    ]


class Told(NamedTuple):
    """What a clause gives of an event: who, whom, where, the noun it is done to, and the verb that tells it."""

    actors: list[Name]
    targets: list[Name]
    places: list[Name]
    theme: int | None
    verb: Verb | None
    event_type: str = ""
    """Where the clause makes it another type than the trigger's own."""


class Finder:
    """Reads events off the clauses of one article."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.syntax = Syntax(article)

    def event(
        self, m: Phrase, sentence: tuple[int, int], said: list[Attribution]
    ) -> tuple[Event | None, int]:
        """The event that a trigger tells, None where it tells none; and the clause, by its verb."""
        article, syntax = self.article, self.syntax
        term = article.lexicon.terms.events[m.form]
        if NOT_ONE.match(article.frame, m.end()):
            return None, -1
        first, last = syntax.words.at(m.start()), syntax.words.at(m.end() - 1)
        kind, _, end = syntax.chunk(first)
        if term.syntax == "hold":
            told = self._held(term, last)
        elif kind in VERBS and end - 1 <= last:
            told = self._verbal(term, syntax.clauses.verbs[end - 1], last)
        elif kind in "nF" and (
            term.syntax == "noun"
            or (m.form.endswith("ing") and term.syntax in ("act", "with"))
            or m.form in ALSO_NOUNS
        ):
            told = self._nominal(term, first, last)
        else:
            return None, -1
        if told is None:
            return None, -1
        clause = told.verb.at if told.verb else end - 1
        return self._made(m, term, told, sentence, said), clause

    def _held(self, term: EventTerm, last: int) -> Told | None:
        """Who holds what: X is under the control of Y, areas in the hands of Y, Y is in control of X."""
        syntax = self.syntax
        noun = syntax.head(last - 1 if syntax.text(last).lower() == "of" else last)
        of = syntax.hanging(noun, "of")
        phrase = syntax.phrase_of(noun)
        over = syntax.over(noun)
        above = phrase[0].subject if phrase else over.of if over else None
        if above is None:
            return None
        verb = phrase[0] if phrase else None
        if term.form.startswith("in ") and "hands" not in term.form:
            return Told(syntax.forces(above), [], [p for n in of for p in self._land(n)], above, verb)
        return Told([f for n in of for f in syntax.forces(n)], [], self._land(above), above, verb)

    def _verbal(self, term: EventTerm, verb: Verb, last: int) -> Told | None:
        """Who does what to whom, where a verb tells it."""
        syntax = self.syntax
        subject = syntax.subject(verb)
        if verb.is_passive:
            actors, theme = syntax.agents(verb), subject
            if not actors and verb.agent is not None:  # targeted by strikes carried out by X
                actors = [f for done in syntax.described(verb.agent) for f in syntax.agents(done)]
        else:
            actors, theme = syntax.doers(subject), next(iter(verb.objects), None)
            if theme is None:
                theme = syntax.gap(verb)  # the town that they took
            elif theme is not None and syntax.clauses.tags[theme] in RELATIVES:
                theme = syntax.antecedent(theme)
        if theme is None and verb.shares is not None and (above := syntax.clauses.verbs.get(verb.shares)):
            theme = next(iter(above.objects), None)
        targets = syntax.forces(theme)
        where = syntax.where(verb)
        if theme is not None and (
            OTHER_SENSE.match(syntax.text(theme))
            or (term.form[:3] in ("tak", "too") and STANDING.match(syntax.text(theme)))
        ):
            return None
        if term.syntax == "weapon":
            return self._weapon(term, verb, subject, theme, actors, where)
        if term.syntax == "to":
            to = syntax.phrases(verb, "to", "into", "under")
            return Told(
                [f for n in to for f in syntax.forces(n) or syntax.owners(n)],
                [],
                syntax.places(subject),
                subject,
                verb,
            )
        if term.event_type == "territory_held":
            return Told(actors, [], self._land(theme), theme, verb)
        if term.event_type == "territory_gained":
            from_ = [f for n in syntax.phrases(verb, "from") for f in syntax.forces(n)]
            if theme is not None and not from_:
                from_ = [
                    f
                    for held in syntax.described(theme)
                    if HELD.match(syntax.text(held.at))
                    for f in syntax.agents(held)
                ]
            return Told(actors, from_, self._land(theme), theme, verb)
        if term.event_type == "territory_lost":
            if verb.is_passive:  # driven from
                lost = syntax.phrases(verb, "from", "of")
                return Told(
                    syntax.forces(subject), actors, [p for n in lost for p in syntax.places(n)], subject, verb
                )
            if targets and term.form not in LOSING:  # drove them from
                lost = syntax.phrases(verb, "from", "of")
                return Told(targets, actors, [p for n in lost for p in syntax.places(n)], theme, verb)
            if term.form not in LOSING:
                return None
            return Told(
                actors,
                [f for n in syntax.phrases(verb, "to") for f in syntax.forces(n)],
                self._land(theme),
                theme,
                verb,
            )
        if term.event_type == "withdrawal":
            if verb.is_passive:
                actors = targets or actors
            out_of = syntax.phrases(verb, "from", "of", "in")
            left = [p for n in out_of for p in syntax.places(n, countries=True)]
            if term.form in LEAVING:
                left = self._land(theme)
                if not left or not actors:
                    return None
            elif (
                not verb.is_passive
                and theme is not None
                and not targets
                and not EQUIPMENT_OF.match(syntax.text(theme))
                and not self._land(theme)
            ):
                return None  # withdrew its jets
            elif not left and any(not LAND.match(syntax.text(n)) for n in syntax.phrases(verb, "from")):
                return None  # withdrew from talks
            return Told(actors, [], left, theme, verb)
        if term.syntax == "move":
            if verb.is_passive and not actors:
                actors = targets
            places = self._land(theme) + where
            into = syntax.phrases(verb, "into", "to", "in")
            if term.event_type == "movement" and (
                not places or any(OTHER_SENSE.match(syntax.text(n)) for n in into)
            ):
                return None
            return Told(actors, [], places, theme, verb)
        if term.syntax == "with":
            against = [f for n in syntax.phrases(verb, "with", "against") for f in syntax.doers(n)]
            both = syntax.between(verb.at)
            if len(both) > 1:
                return Told(both[:1], both[1:], where, theme, verb)
            targets = targets or against
            if not targets:
                return Told(actors[:1], actors[1:], where, theme, verb)
            return Told(actors, targets, where, theme, verb)
        targets += [
            f
            for n in syntax.phrases(verb, "against", "of", "at", "on")
            for f in syntax.forces(n)
            if f not in targets
        ]
        return Told(
            actors, targets, (self._land(theme) if term.event_type != "arrest" else []) + where, theme, verb
        )

    def _weapon(
        self,
        term: EventTerm,
        verb: Verb,
        subject: int | None,
        theme: int | None,
        actors: list[Name],
        where: list[Name],
    ) -> Told | None:
        """Who fires what at whom, or what hits where: X fired missiles at Y, shells hit Y."""
        syntax = self.syntax
        at = list(syntax.phrases(verb, "at", "on", "into", "towards", "toward", "against"))
        if (
            not verb.is_passive
            and theme is None
            and actors
            and SHOOTS.match(term.form)
            and (shot := [f for n in at for f in syntax.forces(n)])
        ):
            return Told(actors, shot, where, None, verb, "armed_clash")
        if verb.is_passive or theme is None or not self._is_weapon(theme):
            if subject is None or not self._is_weapon(subject):
                return None
            hit = [theme] if theme is not None and not verb.is_passive else at
            actors = syntax.agents(verb) or syntax.owners(subject) or self._nation_of(subject)
        else:
            hit = at
        targets = [f for n in hit for f in syntax.forces(n)]
        return Told(
            actors,
            targets,
            [p for n in hit for p in syntax.places(n)] + where,
            subject if verb.is_passive else theme,
            verb,
        )

    def _is_weapon(self, noun: int) -> bool:
        return bool(WEAPONS.search(self._words_of(noun)))

    def _nation_of(self, noun: int) -> list[Name]:
        _, start, end = self.syntax.chunk(noun)
        span = (self.syntax.words.starts[start], self.syntax.words.ends[end - 1])
        nation = self.syntax.nation(*span, span[1])
        return [nation] if nation else []

    def _nominal(self, term: EventTerm, first: int, last: int) -> Told | None:
        """Who does what to whom, where a noun tells it."""
        syntax, article = self.syntax, self.article
        _, start, end = syntax.chunk(first)
        head = end - 1
        if last < head and not EVENTFUL.match(syntax.text(head)):
            return None  # an attack helicopter
        before = (syntax.words.starts[start], syntax.words.starts[first])
        actors = list(article.named(*before, "force"))[-1:]
        if not actors and (nation := syntax.nation(*before, syntax.words.ends[head])):
            actors = [nation]
        by = [f for n in syntax.hanging(head, "by") for f in syntax.doers(n)]
        by = by or [
            f
            for done in syntax.described(head)
            if LIGHT.match(syntax.text(done.at))
            for f in syntax.agents(done)
        ]
        if term.event_type in ("shelling", "air_strike"):
            by = by or [f for n in syntax.hanging(head, "from") for f in syntax.forces(n)]
        targets = [
            f
            for n in syntax.hanging(head, "against", "on", "at", "with", "of", "targeting")
            for f in syntax.forces(n)
        ]
        between = syntax.between(head) if term.event_type in ("armed_clash", "ceasefire") else []
        if between:
            return Told(between[:1], between[1:], self._near(head), None, self._governor(head))
        actors = by or actors
        theme = next(iter(syntax.hanging(head, "of")), None)
        if (
            term.event_type in ("withdrawal", "movement", "offensive", "displacement")
            and not actors
            and theme is not None
        ):
            actors, targets = syntax.forces(theme), []  # the withdrawal of X
        places = self._near(head)
        verb = self._governor(head)
        if verb is not None:
            word = syntax.text(verb.at)
            if self._is_object(head, verb):
                if not actors and LIGHT.match(word):
                    actors = syntax.doers(syntax.subject(verb))
                if not actors and ASCRIBING.match(word):
                    actors = [f for n in syntax.phrases(verb, "to", "on") for f in syntax.doers(n)]
                places += syntax.where(verb)
            elif verb.subject is not None and self._top(head) == verb.subject:
                if verb.is_passive:
                    actors = actors or (syntax.agents(verb) if LIGHT.match(word) else [])
                else:
                    places += [p for o in verb.objects for p in syntax.places(o)]
                    if HITS.match(word):
                        targets += [f for o in verb.objects for f in syntax.forces(o) if f not in targets]
                if not actors and CAME.match(word):
                    actors = [f for n in syntax.phrases(verb, "from") for f in syntax.forces(n)]
                places += syntax.where(verb)
            else:
                phrase = syntax.phrase_of(self._top(head))
                via = phrase[1] if phrase and phrase[0] is verb else ""
                if (
                    (over := syntax.over(self._top(head)))
                    and over.role == "under"
                    and syntax.object_of(over.of) is verb
                ):
                    via = syntax.text(over.via).lower()
                if not actors and via == "for" and ASCRIBING.match(word):
                    actors = [f for o in verb.objects for f in syntax.doers(o)]
                if not actors and via in MEANS and not verb.is_passive and not SUFFERING.match(word):
                    actors = syntax.doers(syntax.subject(verb))
                places += syntax.where(verb)
        if verb is not None and not targets and term.event_type in ("offensive", "armed_clash", "air_strike"):
            targets = [
                f
                for aim in syntax.purposes(verb)
                if AGAINST.match(syntax.text(aim.at))
                for o in aim.objects
                for f in syntax.forces(o)
            ]
        if term.event_type in ("territory_gained",) and theme is not None:
            places = self._land(theme)
        return Told(actors, targets, places, theme, verb)

    def _governor(self, noun: int) -> Verb | None:
        """The verb that a noun is subject, object or phrase of; through the nouns that it hangs on."""
        syntax = self.syntax
        for _ in range(4):
            verb = syntax.object_of(noun) or syntax.subject_of(noun)
            if verb is None and (phrase := syntax.phrase_of(noun)):
                verb = phrase[0]
            verb = verb or syntax.agent_of(noun)
            if verb is not None:
                return verb
            if (over := syntax.over(noun)) is None:
                return None
            noun = over.of
        return None

    def _top(self, noun: int) -> int:
        """The noun that a noun stands for in its clause: a total of 18 strikes, a wave of attacks."""
        while (over := self.syntax.over(noun)) and (
            over.role == "joined" or (over.role == "under" and self.syntax.text(over.via) == "of")
        ):
            noun = over.of
        return noun

    def _is_object(self, noun: int, verb: Verb) -> bool:
        return self._top(noun) in verb.objects

    def _near(self, noun: int) -> list[Name]:
        """The places that a noun's own words and prepositions name."""
        syntax = self.syntax
        _, start, end = syntax.chunk(noun)
        inside = self.article.whereabouts(syntax.words.starts[start], syntax.words.ends[end - 1])
        return [p for n in syntax.hanging(noun, *WHERE, "against") for p in syntax.places(n)] + inside

    def _named_in(self, noun: int) -> list[Name]:
        """The place in a noun's own words: Aleppo, the country's largest."""
        starts, ends = self.syntax.words.starts, self.syntax.words.ends
        _, first, end = self.syntax.chunk(noun)
        named = self.article.named(starts[first], ends[end - 1], "place")[:1]
        return [p for p in named if not self.article.is_doer(p)]

    def _land(self, noun: int | None) -> list[Name]:
        """The places that are what is taken, held or left: X, the town of X, control of X, parts of X."""
        if noun is None:
            return []
        syntax = self.syntax
        found: list[Name] = []
        for one in syntax.people(noun):
            _, start, end = syntax.chunk(one)
            inside = self.article.named(syntax.words.starts[start], syntax.words.ends[end - 1], "place")
            inside = [p for p in inside if not self.article.is_doer(p)]
            head = syntax.text(one)
            if inside and (inside[-1].end >= syntax.words.ends[one] or LAND.match(head)):
                found += inside[-1:]
            elif head.lower() == "it":
                found += syntax.town_before(one)
            elif LAND.match(head):
                near = syntax.hanging(one, "of", "over", "in")
                found += [p for n in near for p in self._land(n) or self._named_in(n)]
                found += [
                    p for link in syntax.under(one) if link.role == "apposed" for p in self._land(link.head)
                ]
                if not near and not found and (named := syntax.named_before(one)) is not None:
                    found += syntax.places(named)[:1]
        return found

    def _made(
        self, m: Phrase, term: EventTerm, told: Told, sentence: tuple[int, int], said: list[Attribution]
    ) -> Event | None:
        _article, frame = self.article, self.article.frame
        actors = told.actors
        targets = [t for t in told.targets if all(t.entity is not a.entity for a in actors)]
        left = frame[sentence[0] : m.start()]
        theme = self._words_of(told.theme)
        victims = VICTIMS.search(theme) or (
            told.theme is None and VICTIMS.search(frame[m.end() : min(sentence[1], m.end() + 40)])
        )
        around = frame[max(sentence[0], m.start() - 60) : min(sentence[1], m.end() + 60)]
        rest = self._less(sentence, m) if m.form in GENERIC else ""
        event_type = told.event_type or _type(term, around, rest, bool(victims) and not targets, actors)
        if m.form in ("killed", "killing", "shot dead", "gunned down") and (
            not actors or not (targets or victims)
        ):
            return None
        strict = event_type.startswith("territory")
        place = min(told.places, key=_rank, default=None)
        if (
            strict
            and place is None
            and not (actors and told.theme is not None and LAND.match(self.syntax.text(told.theme)))
        ):
            return None
        if place is None and not strict and event_type != "withdrawal":
            place = self._around(told, sentence, m.start())
        if not actors and not targets and place is None:
            return None
        if event_type == "territory_held" and (not actors or place is None):
            return None
        if term.syntax == "with" and not targets:
            return None
        by = min(said, key=lambda a: abs(a.cue_start - m.start()), default=None)
        one_sided = (
            bool(victims)
            and not targets
            and event_type in ("attack_on_civilians", "abduction", "suicide_attack")
        )
        return Event(
            start=m.start(),
            end=m.end(),
            term=term,
            event_type=event_type,
            actors=tuple(dict.fromkeys(actors)),
            targets=tuple(targets),
            place=place,
            time=self._time(told, sentence, m.start()),
            status=self._status(m, term, told, left, by),
            by=by,
            one_sided=one_sided,
        )

    def _less(self, sentence: tuple[int, int], m: Phrase) -> str:
        """A sentence in the writer's own words, less the words that tell other events."""
        frame = self.article.frame
        kept, at = [], sentence[0]
        for other in self.article.event_words.between(*sentence):
            if other.start() != m.start():
                kept.append(frame[at : other.start()])
                at = other.end()
        return " ".join([*kept, frame[at : sentence[1]]])

    def _words_of(self, noun: int | None) -> str:
        if noun is None:
            return ""
        spans = [self.syntax.chunk(n) for n in self.syntax.people(noun)]
        starts, ends = self.syntax.words.starts, self.syntax.words.ends
        return " ".join(self.article.text[starts[first] : ends[end - 1]] for _, first, end in spans)

    def _around(self, told: Told, sentence: tuple[int, int], at: int) -> Name | None:
        """The place named nearest in the sentence, where its clause names none; not one where somebody speaks."""
        article, syntax = self.article, self.syntax
        spoken = {
            p.start
            for verb in syntax.clauses.verbs.values()
            if verb.kind in SAYING and sentence[0] <= syntax.words.starts[verb.at] < sentence[1]
            for via, noun in verb.phrases
            for p in syntax.places(noun)
        }
        near = [
            p
            for p in article.whereabouts(*sentence)
            if p.start not in spoken and syntax.is_where(p) and not syntax.is_apart(p, at, told.verb)
        ]
        return min(near, key=lambda p: (_rank(p), 0 if p.start >= at else 1, abs(p.start - at)), default=None)

    def _time(self, told: Told, sentence: tuple[int, int], at: int) -> Time | None:
        """The time of the trigger's clause; where it has none, the sentence's nearest."""
        syntax = self.syntax
        verb = told.verb
        own = syntax.times(verb) if verb else []
        if not own:
            own = self.article.timed(*sentence)
            if verb:
                with_it = syntax.chain(verb)
                own = [
                    t
                    for t in own
                    if t
                    not in {
                        u
                        for other in syntax.dated(sentence)
                        if other.is_finite and other.at not in with_it
                        for u in syntax.times(other)
                    }
                ]
        return min(own, key=lambda t: abs(t.start - at), default=None)

    def _status(self, m: Phrase, term: EventTerm, told: Told, left: str, by: Attribution | None) -> str:
        if by and by.stance == "denies" and not INVOLVED.search(left[-60:]):
            return "denied"
        nominal = told.verb is None or not (
            told.verb.first <= self.syntax.words.at(m.start()) <= told.verb.at
        )
        status = (
            self._of_verb(told.verb, nominal) if told.verb and not (nominal and self._is_aside(m)) else ""
        )
        if not status and nominal:
            status = _status(term, left)
        if not status and OPENS_WITH_IF.match(left) and "," not in left:
            status = "hypothetical"
        if status:
            return status
        if (
            told.verb
            and told.verb.mark is not None
            and by
            and by.cue_start < self.syntax.words.starts[told.verb.mark]
        ):
            by = None  # what was before is the writer's own
        return (
            "claimed"
            if by and (by.claimant_type in ("belligerent", "state_media") or by.stance == "claims")
            else "asserted"
        )

    def _is_aside(self, m: Phrase) -> bool:
        """Whether a noun hangs on its verb as what was before or beside: after the capture of X, despite the attack."""
        top = self._top(self.syntax.head(self.syntax.words.at(m.start())))
        phrase = self.syntax.phrase_of(top)
        return bool(phrase and phrase[1] not in MEANS)

    def _of_verb(self, verb: Verb, nominal: bool, depth: int = 0) -> str:
        """What a verb's own words, and the verb it hangs on, make of what it tells; "" where it is a fact."""
        syntax = self.syntax
        tags = syntax.clauses.tags
        group = range(verb.first, verb.at + 1)
        before = " ".join(syntax.text(i).lower() for i in range(max(0, verb.first - 3), verb.first))
        if any(tags[i] == "N" for i in group) or NEVER.search(before):
            return "" if nominal and depth == 0 and UNKNOWING.search(syntax.text(verb.at)) else "negated"
        if verb.subject is not None and NOBODY.match(syntax.text(syntax.chunk(verb.subject)[1])):
            return "negated"
        if verb.mark is not None and IF.match(syntax.text(verb.mark)):
            return "hypothetical"
        for i in group:
            if tags[i] == "M":
                return "planned" if WILL.match(syntax.text(i)) else "hypothetical"
        if any(NEARLY.match(syntax.text(i)) for i in group):
            return "hypothetical"
        if verb.said_by is not None and DEMANDING.match(syntax.text(verb.said_by)):
            return "planned"
        word = syntax.text(verb.at)
        if nominal and depth == 0:
            if UNREAL.match(word):
                return "hypothetical"
            if PREVENTING.match(word):
                return "negated"
            if PLANNING.match(word):
                return "planned"
        if verb.kind == "g" and verb.first and syntax.text(verb.first - 1).lower() in ("against", "without"):
            return "hypothetical"
        if verb.kind == "I" and any(tags[i] == "V" for i in group):
            return ""  # claims to have hit
        if verb.kind in "IQJK" or (verb.kind == "g" and verb.control is not None):
            above = syntax.clauses.verbs.get(verb.control) if verb.control is not None else None
            if above is None:
                return "planned" if verb.kind != "g" else ""
            status = self._of_verb(above, False, depth + 1) if depth < 4 else ""
            if status or verb.kind == "g":
                return status
            if verb.noun is None and MANAGING.search(
                " ".join(syntax.text(i) for i in range(above.first, verb.first))
            ):
                return ""
            return (
                "negated"
                if FAILING.search(" ".join(syntax.text(i) for i in range(above.first, verb.first)))
                else "planned"
            )
        return ""


def _type(term: EventTerm, around: str, sentence: str, on_civilians: bool, actors: list[Name]) -> str:
    """The type of an event: by the instrument named beside a word that says attack, strike or bombing, or else in its
    sentence; failing that the word's own. A coalition of states strikes from the air, and nobody unknown bombs from it."""
    if term.form in GENERIC:
        for stretch in (around, sentence):
            for event_type, instrument in INSTRUMENTS:
                if instrument.search(stretch):
                    return event_type
        kinds = {f.entity.kind for f in actors if f.entity}
        if kinds == {"coalition"} and FROM_AFAR.match(term.form):
            return "air_strike"
        if term.form in ("bombing", "bombings") and not kinds & STATE:
            return "explosive_device"
    return (
        "attack_on_civilians"
        if term.event_type == "armed_clash" and on_civilians and term.syntax != "with"
        else term.event_type
    )


def _status(term: EventTerm, left: str) -> str:
    """What the words before a noun make of what it tells; "" where it is a fact."""
    near = left[-40:]
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
    return ""


EVENT = Record(EVENTS, lambda r: find_events(r.article, r.of(ATTRIBUTION)), lambda e: e.event_type, _row)
