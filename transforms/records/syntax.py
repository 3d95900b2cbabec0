"""Who does what to whom and where, by the clauses of a sentence: the names that stand in the places a verb or a noun gives them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from transforms.article import Article
from transforms.language.clauses import Link, Verb
from transforms.language.grammar import BREAK
from transforms.language.spelling import fold
from transforms.language.times import Time
from transforms.names.entity import Entity
from transforms.names.name import Name

RELATIVES = frozenset("wWHO")
PRONOUNS = re.compile(r"(?:it|they|he|she|we|who|which|that)$", re.I)
NOT_ACTING = re.compile(
    r"(?:leader|spokes\w+|statement|official|ally|allies|enem\w+|territory|stronghold|capital|control|area|city|town|village|position|headquarters"
    r"|base|hands?|advance|end|use|fall|loss|defeat|lack|presence|withdrawal|rule|collapse|source|media|channel|supporter|critic|family|families)s?$",
    re.I,
)
"""Heads whose "of the force" does not do what the force does: the leader of ISIS, areas of the SDF."""
ACTING = re.compile(
    r"(?:members?|fighters?|forces?|units?|soldiers?|militants?|troops?|elements|gunmen|men|women|group|groups|number|majority|hundreds|dozens|thousands|scores|convoys?"
    r"|brigades?|battalions?|division|wing|remnants|rest|some|most|many|all|one|two|several|militias?|militiamen|jets?|planes?|warplanes|aircraft|drones?|helicopters?|snipers?"
    r"|artillery|positions?|barracks|checkpoints?|headquarters|vehicles?|cells?|sleeper|party|coalition|alliance|terrorists|rebels|insurgents|warriors|combatants|ranks|bulk|\d)$",
    re.I,
)
"""Heads whose "of the force" does what the force does, or suffers it: members of ISIS, positions of the army."""
NOT_MEANT = re.compile(
    r"\s?[-–](?:held|controlled|run|ruled|occupied|besieged|dominated|affiliated|linked|aligned|backed|led|allied)\b",
    re.I,
)
MILITARY = re.compile(
    r"(?:fighter|war|combat|military|government|air|naval|ground|special|army|state|regime|occupation|border|security)?[- ]?"
    r"(?:warplanes?|planes?|jets?|drones?|aircraft|helicopters?|gunships?|artillery|tanks?|forces?|troops|soldiers?|army|military|navy|raids?|(?:air|drone|missile|rocket|artillery)? ?strikes?"
    r"|capture|recapture|seizure|takeover|withdrawal|invasion|advance|siege|retreat|pull-?out|airstrikes?|attacks?|bombardments?|bombing|shelling|offensive|operation|incursion|missiles?|rockets?|fire|snipers?|commandos|air force|assault|campaign)$",
    re.I,
)
TROOPS = re.compile(
    r"(?:warplanes?|planes?|jets?|drones?|aircraft|helicopters?|artillery|tanks?|forces?|troops|soldiers?|army|military|navy|air force|commandos)$",
    re.I,
)
"""What a country's bare name makes its own; "Syria attack" is an attack in Syria."""
ITS_OBJECT_DOES = frozenset(["of", "from", "against", "for"])
LIGHT = re.compile(
    r"(?:launch|carr|conduct|stag|mount|beg[aiu]n|open|resum|continu|start|wag|intensif|unleash|execut|commit|mak|made|perpetrat|undert|shift|direct|step|escalat|expand|renew|press|announc|declar|call|impos|lay|laid|end|lift|suffer|repel|fight|fought|fir|drop|plant|detonat|us|deliver|lead|led|join|suspend|halt|stop)\w*$",
    re.I,
)
"""Verbs whose subject does what their object says: launched an attack, carried out strikes."""
CAME = re.compile(r"(?:c[ao]me|be|been|was|were|is|are|fell|originat\w+|persist\w*|continue\w*)$", re.I)


class Syntax:
    """An article's clauses with its names in them."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.words = article.words
        self.clauses = article.words.clauses
        self._firsts = [first for _, first, _ in self.clauses.chunks]
        self._objects_of: dict[int, Verb] = {}
        self._subject_of: dict[int, Verb] = {}
        self._agent_of: dict[int, Verb] = {}
        self._phrase_of: dict[int, tuple[Verb, int]] = {}
        self._describing: dict[int, list[Verb]] = {}
        self._controlled: dict[int, list[Verb]] = {}
        self._subjects: dict[int, list[int]] = {}
        for verb in self.clauses.verbs.values():
            for noun in verb.objects:
                self._objects_of.setdefault(noun, verb)
            for via, noun in verb.phrases:
                self._phrase_of.setdefault(noun, (verb, via))
            if verb.subject is not None:
                self._subject_of.setdefault(verb.subject, verb)
                self._subjects.setdefault(verb.subject, []).append(verb.at)
            if verb.agent is not None:
                self._agent_of.setdefault(verb.agent, verb)
            if verb.noun is not None:
                self._describing.setdefault(verb.noun, []).append(verb)
            if verb.control is not None:
                self._controlled.setdefault(verb.control, []).append(verb)
        self._moved: list[Link] = []
        self._over: dict[int, Link] = {}
        for links in self.clauses.under.values():
            for link in links:
                self._over.setdefault(link.head, link)
        self._settle()

    def _settle(self) -> None:
        """What is joined to a noun is joined to one that hangs on it where both name places, or both forces, and the noun does not:
        parts of Aleppo and Idlib."""
        for of, links in list(self.clauses.under.items()):
            for at, link in enumerate(links):
                if link.role != "joined":
                    continue
                for kind in ("place", "force"):
                    if not self._names(link.head, kind) or self._names(of, kind):
                        continue
                    below = [u for u in self._below(of) if u < link.head and self._names(u, kind)]
                    if below:
                        moved = Link("joined", max(below), link.head)
                        links[at] = Link("", of, link.head)
                        self.clauses.under.setdefault(moved.of, [])
                        self._moved.append(moved)
                        self._over[link.head] = moved
                        break
        for moved in self._moved:
            self.clauses.under[moved.of].append(moved)

    def _below(self, noun: int, depth: int = 0) -> Iterator[int]:
        for link in self.under(noun):
            if link.role == "under" and depth < DEEPEST:
                yield link.head
                yield from self._below(link.head, depth + 1)

    def _names(self, noun: int, kind: str) -> bool:
        _, first, end = self.chunk(noun)
        return bool(self.article.named(self.words.starts[first], self.words.ends[end - 1], kind))

    def text(self, word: int) -> str:
        """A word as printed."""
        return self.article.text[slice(*self.words.span(word))]

    def chunk(self, word: int) -> tuple[str, int, int]:
        """The chunk that a word lies in, or the last before it: (kind, first word, one past its last)."""
        return self.clauses.chunks[max(0, bisect_right(self._firsts, word) - 1)]

    def head(self, word: int) -> int:
        """The head of a word's chunk."""
        return self.chunk(word)[2] - 1

    def verb(self, word: int) -> Verb | None:
        """The verb whose group a word is in."""
        return self.clauses.verbs.get(self.head(word))

    def under(self, noun: int) -> list[Link]:
        """What hangs on a noun."""
        return self.clauses.under.get(noun, [])

    def object_of(self, noun: int) -> Verb | None:
        """The verb whose object a noun is, also as one of several."""
        return self._objects_of.get(noun) or (
            self._objects_of.get(over.of)
            if (over := self._over.get(noun)) and over.role == "joined"
            else None
        )

    def subject_of(self, noun: int) -> Verb | None:
        """The verb whose subject a noun is."""
        return self._subject_of.get(noun)

    def phrase_of(self, noun: int) -> tuple[Verb, str] | None:
        """The verb on which a noun hangs by a preposition, and that preposition."""
        found = self._phrase_of.get(noun)
        return (found[0], self.text(found[1]).lower()) if found else None

    def subject(self, verb: Verb, depth: int = 0) -> int | None:
        """The noun that a verb is said of: its subject, that of the verb it hangs on, or the noun it describes."""
        if depth > DEEPEST:
            return None
        if verb.subject is not None:
            if self.clauses.tags[verb.subject] in RELATIVES:
                return verb.noun if verb.noun is not None else self.antecedent(verb.subject)
            return self._meant(verb, verb.subject, depth)
        above = self.clauses.verbs.get(verb.control) if verb.control is not None else None
        if (
            verb.kind == "g"
            and above
            and above.objects
            and self.text(verb.first - 1).lower() in ITS_OBJECT_DOES
        ):
            return above.objects[-1]  # accuses the army of killing
        if verb.kind == "g" and verb.noun is not None and self._is_only_a_place(verb.noun):
            above = self.object_of(verb.noun) or above
            return self.subject(above, depth + 1) if above else None  # bombed the town killing two
        if verb.noun is not None and (verb.control is None or self.forces(verb.noun)):
            return None if verb.kind == "v" else verb.noun
        return self.subject(above, depth + 1) if above else None

    def _is_only_a_place(self, noun: int) -> bool:
        """Whether a noun is a place, or places, and nobody in it."""
        named = [one for one in (noun, *self._below(noun)) if self._names(one, "place")]
        return bool(named) and not self.forces(noun)

    def gap(self, verb: Verb) -> int | None:
        """What a verb in a relative clause with a subject of its own is done to: the town that they took."""
        if verb.subject is None or self.clauses.tags[verb.subject] in RELATIVES:
            return None
        at = bisect_right(self._firsts, verb.subject) - 2
        if at >= 0 and self.clauses.chunks[at][0] in "HWO":
            return self.antecedent(self.clauses.chunks[at][2] - 1)
        return verb.noun

    def antecedent(self, word: int) -> int | None:
        """The noun that a relative pronoun goes back to."""
        at = bisect_right(self._firsts, word) - 2
        while at >= 0 and self.clauses.chunks[at][0] in ",":
            at -= 1
        if at >= 0 and self.clauses.chunks[at][0] == "n":
            return self.clauses.chunks[at][2] - 1
        return None

    def _meant(self, verb: Verb, noun: int, depth: int) -> int | None:
        """What a pronoun goes back to where the verb is reported: the army said it took."""
        if not PRONOUNS.match(self.text(noun)):
            return noun
        said = verb.said_by if verb.said_by is not None else self._verb_before(verb)
        above = self.clauses.verbs.get(said) if said is not None else None
        return self.subject(above, depth + 1) if above else None

    def _verb_before(self, verb: Verb) -> int | None:
        """The last finite verb with a subject before a marked clause, in its sentence: X is quiet since it was taken."""
        if verb.mark is None:
            return None
        for at in range(verb.first - 1, -1, -1):
            if self.clauses.tags[at] == BREAK:
                return None
            if (above := self.clauses.verbs.get(at)) and above.is_finite and above.subject is not None:
                return at
        return None

    def people(self, noun: int | None) -> Iterator[int]:
        """A noun and those named with it: the army and its allies."""
        if noun is None:
            return
        yield noun
        for link in self.under(noun):
            if link.role == "joined":
                yield link.head

    def forces(self, noun: int | None) -> list[Name]:
        """The forces that a noun means, with those joined to it."""
        return list(dict.fromkeys(f for one in self.people(noun) for f in self._forces(one)))

    def doers(self, noun: int | None) -> list[Name]:
        """The forces that a noun means where it does something: a capital does what its state does."""
        if (found := self.forces(noun)) or noun is None:
            return found
        for one in self.people(noun):
            _, first, end = self.chunk(one)
            start, stop = self.words.starts[first], self.words.ends[end - 1]
            if nation := self.nation(start, stop, stop, acts=True):
                found.append(nation)
        return found

    def _forces(self, noun: int, depth: int = 0) -> list[Name]:
        _kind, first, end = self.chunk(noun)
        start, stop = self.words.starts[first], self.words.ends[end - 1]
        article = self.article
        named = [f for f in article.named(start, stop, "force") if not NOT_MEANT.match(article.text, f.end)]
        head = self.text(noun)
        if named and not (NOT_ACTING.match(head) and named[-1].end <= self.words.starts[noun]):
            return named[-1:]
        if named:
            return []
        if nation := self.nation(start, stop, stop):
            return [nation]
        for body in article.named(start, stop, "organization"):
            if (
                body.entity
                and body.entity.kind == "government"
                and (state := article.lexicon.state_forces.get(body.entity.country_code))
            ):
                return [Name(body.start, body.end, state, (state,), "description")]
        if head.lower() == "coalition" and len(self._coalitions) == 1:
            return [
                Name(
                    self.words.starts[noun],
                    self.words.ends[noun],
                    self._coalitions[0],
                    tuple(self._coalitions),
                    "description",
                )
            ]
        for link in self.under(noun) if depth < DEEPEST else ():
            of = (
                link.role == "under" and ACTING.search(head) and self.text(link.via).lower() in ("of", "from")
            )
            if (of or link.role == "apposed") and (found := self._forces(link.head, depth + 1)):
                return found
        return []

    @cached_property
    def _coalitions(self) -> list[Entity]:
        """The coalitions that the article names."""
        found = {
            m.entity.entity_id: m.entity
            for m in self.article.mentions
            if m.entity and m.entity.kind == "coalition"
        }
        return list(found.values())

    def over(self, noun: int) -> Link | None:
        """What a noun hangs on."""
        return self._over.get(noun)

    def nation(self, start: int, stop: int, end: int, acts: bool = False) -> Name | None:
        """The armed forces of the state that a noun group means: Turkish drones, Moscow, the US air force."""
        article, lexicon = self.article, self.article.lexicon
        for nation in article.nations.between(start, stop):
            rest = article.text[nation.end() : end].removeprefix("'s").removeprefix("’s").strip()
            if rest and MILITARY.search(rest):
                entity = lexicon.entities[lexicon.terms.nations[nation.form]]
                return Name(nation.start(), nation.end(), entity, (entity,), "description")
        for place in article.named(start, stop, "place"):
            named: Entity = place.entity or place.candidates[0]
            state = lexicon.state_forces.get(named.country_code)
            if (
                state is None
                or named.kind not in ("country", "town")
                or NOT_MEANT.match(article.text, place.end)
            ):
                continue
            if article.text[place.end : place.end + 1] in ("-", "–"):
                continue
            capital = named.kind == "town" and fold(named.name) in lexicon.terms.capitals
            alone = acts and place.end >= end and (capital or named.kind == "country")
            rest = article.text[place.end : end].removeprefix("'s").removeprefix("’s").strip()
            owned = article.text[place.end : place.end + 2] in ("'s", "’s")
            if alone or (named.kind == "country" and rest and (MILITARY if owned else TROOPS).search(rest)):
                return Name(place.start, place.end, state, (state,), "description")
        return None

    def agents(self, verb: Verb) -> list[Name]:
        """Who does what a passive tells."""
        return self.doers(verb.agent)

    def agent_of(self, noun: int) -> Verb | None:
        """The passive whose agent a noun is."""
        return self._agent_of.get(noun)

    def named_before(self, noun: int) -> int | None:
        """The noun that one after it is said of: in X, a town."""
        at = bisect_right(self._firsts, noun) - 1
        chunks = self.clauses.chunks
        at -= at >= 1 and chunks[at - 1][0] == ","
        return chunks[at - 1][2] - 1 if at >= 1 and chunks[at - 1][0] == "n" else None

    def named_after(self, noun: int) -> list[Name]:
        """The place that a noun is called by after a comma: its capital, X."""
        at = bisect_right(self._firsts, noun) - 1
        chunks = self.clauses.chunks
        if (
            at + 2 < len(chunks)
            and chunks[at + 1][0] == ","
            and chunks[at + 2][0] == "n"
            and chunks[at + 2][2] - chunks[at + 2][1] == 1
        ):
            return self._at(chunks[at + 2][1])
        return []

    def described(self, noun: int) -> list[Verb]:
        """The participles that describe a noun: carried out by X, held by Y."""
        return [verb for verb in self._describing.get(noun, []) if verb.kind == "u"]

    def purposes(self, verb: Verb) -> list[Verb]:
        """What a verb is done to do: to oust X from Y."""
        return [v for v in self._controlled.get(verb.at, []) if v.kind == "I"]

    def phrases(self, verb: Verb, *prepositions: str) -> list[int]:
        """The nouns that hang on a verb by one of some prepositions, those that hang on its objects among them."""
        found = [noun for via, noun in verb.phrases if self.text(via).lower() in prepositions]
        for noun in verb.objects:
            found += self.hanging(noun, *prepositions)
        return found

    def hanging(self, noun: int, *prepositions: str) -> list[int]:
        """The nouns that hang on a noun by one of some prepositions; those after it that the noun above it has are its own: a spate
        of attacks from X."""
        links = self.under(noun)
        if (over := self._over.get(noun)) and over.role == "under":
            links = [*links, *(link for link in self.under(over.of) if link.head > noun)]
        return [
            link.head
            for link in links
            if link.role == "under" and self.text(link.via).lower() in prepositions
        ]

    def owners(self, noun: int) -> list[Name]:
        """The forces whose a noun is: ISIS control, the hands of the army."""
        _, first, end = self.chunk(noun)
        inside = self.article.named(self.words.starts[first], self.words.ends[end - 1], "force")
        return inside[-1:] or [f for n in self.hanging(noun, "of") for f in self.forces(n)]

    def between(self, word: int) -> list[Name]:
        """The two sides after the next "between" or "among" of the sentence, before another verb."""
        for via in range(word + 1, len(self.clauses.tags)):
            if self.clauses.tags[via] == BREAK:
                return []
            if self.text(via).lower() in ("between", "pitting"):
                noun = self.head(via + 1)
                sides = self.forces(noun)
                if len(sides) < 2 and (over := self._over.get(noun)):
                    sides += [
                        f
                        for link in self.under(over.of)
                        if link.role == "joined" and link.head > noun
                        for f in self.forces(link.head)
                    ]
                return sides
        return []

    def times(self, verb: Verb) -> list[Time]:
        """The times that say when a verb happened: after it and before the next verb, or before the first verb of a sentence."""
        return self._times.get(verb.at, [])

    def dated(self, sentence: tuple[int, int]) -> list[Verb]:
        """The verbs of a sentence that have times of their own."""
        starts = self.words.starts
        return [
            verb
            for at in self._times
            if sentence[0] <= starts[at] < sentence[1] and (verb := self.clauses.verbs[at])
        ]

    def chain(self, verb: Verb) -> set[int]:
        """A verb with those above it and those of the same subject: reported by, wanting to, who came and took."""
        found: set[int] = set()
        todo = [verb.at]
        while todo:
            at = todo.pop()
            if at in found or (one := self.clauses.verbs.get(at)) is None:
                continue
            found.add(at)
            todo += [n for n in (one.said_by, one.control, one.shares) if n is not None]
            if one.noun is not None:
                of = (self.object_of(one.noun), self.subject_of(one.noun), self.agent_of(one.noun))
                todo += [verb.at for verb in of if verb]
                todo += [self._phrase_of[one.noun][0].at] if one.noun in self._phrase_of else []
            if one.subject is not None and (same := self._subjects.get(one.subject)):
                todo += same
        return found

    @cached_property
    def _times(self) -> dict[int, list[Time]]:
        found: dict[int, list[Time]] = {}
        verbs = sorted(self.clauses.verbs)
        tags = self.clauses.tags
        for time in self.article.times:
            word = self.words.at(time.start)
            if word < 0 or self.words.starts[word] != time.start:
                continue
            at = bisect_right(verbs, word) - 1
            before = verbs[at] if at >= 0 and BREAK not in tags[verbs[at] : word] else None
            after = verbs[at + 1] if at + 1 < len(verbs) and BREAK not in tags[word : verbs[at + 1]] else None
            own = before if before is not None else after
            if before is not None and after is not None:
                at = self.chunk(word)[1] - 1
                at -= tags[at] in "iS"
                subject = self.clauses.verbs[after].subject
                if tags[at] in OPENS and subject is not None and subject > word:
                    own = after  # and on Sunday the army withdrew
            if own is not None:
                found.setdefault(own, []).append(time)
        return found

    def places(self, noun: int | None, countries: bool = False, depth: int = 0) -> list[Name]:
        """The places that a noun group names: the town of X, X and Y; the first is the one meant. `countries`: those too that only a
        preposition makes a place."""
        found: list[Name] = []
        for one in self.people(noun):
            _, first, end = self.chunk(one)
            span = (self.words.starts[first], self.words.ends[end - 1])
            inside = self.article.named(*span, "place") if countries else self.article.whereabouts(*span)
            inside = inside or [
                p for link in self.under(one) if link.role == "apposed" for p in self._at(link.head)
            ]
            if not inside and depth < DEEPEST:
                near = self.hanging(one, "of") or self.hanging(one, "in", "near", "around")
                inside = [p for n in near for p in self.places(n, countries, depth + 1)] or self.named_after(
                    one
                )
            found += inside
        return found

    def is_apart(self, place: Name, at: int, verb: Verb | None) -> bool:
        """Whether another verb that asserts something stands between a place and what is told at `at`."""
        first, last = sorted((self.words.at(place.start), self.words.at(at)))
        own = self.chain(verb) if verb else set()
        return any(
            (other := self.clauses.verbs.get(word)) and other.kind in "vp" and other.at not in own
            for word in range(first + 1, last)
        )

    def is_where(self, place: Name) -> bool:
        """Whether a place stands after a preposition of place, itself or with the noun it is part of."""
        word = self.words.at(place.start)
        _, first, end = self.chunk(word)
        for at in (first, word):
            if at and self.text(at - 1).lower() in WHERE and self.text(at - 1).lower() not in ("to", "from"):
                return True
        over = self._over.get(end - 1)
        return bool(over and over.role in ("joined", "apposed"))

    def town_before(self, word: int) -> list[Name]:
        """What "it" can only mean where one town alone is named before it in its sentence."""
        start, _ = self.article.sentence_of(self.words.starts[word])
        towns = [
            p
            for p in self.article.whereabouts(start, self.words.starts[word])
            if (p.entity or p.candidates[0]).kind == "town"
        ]
        return towns[-1:] if len({p.entity for p in towns}) == 1 else []

    def _at(self, noun: int) -> list[Name]:
        _, first, end = self.chunk(noun)
        return self.article.whereabouts(self.words.starts[first], self.words.ends[end - 1])

    def where(self, verb: Verb) -> list[Name]:
        """The places where a verb is said to happen: by its own prepositions, then those of its objects and subject."""
        found = [p for noun in self.phrases(verb, *WHERE) for p in self.places(noun)]
        for noun in (*verb.objects, *([verb.subject] if verb.subject is not None else [])):
            found += [p for near in self.hanging(noun, *WHERE) for p in self.places(near)]
        return list(dict.fromkeys(found))


DEEPEST = 4
OPENS = frozenset(',c;:_sSkHC"')
WHERE = (
    "in",
    "at",
    "near",
    "on",
    "around",
    "inside",
    "outside",
    "across",
    "over",
    "of",
    "from",
    "into",
    "towards",
    "toward",
    "to",
    "south",
    "north",
    "east",
    "west",
    "along",
    "throughout",
    "between",
)
