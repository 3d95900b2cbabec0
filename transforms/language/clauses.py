"""What governs what in a sentence: verbs with their subjects, objects, agents and prepositions, read off a string of tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.language.grammar import Grammar, Rule

NOUN, OF = "n", "f"
PREPOSITIONS = frozenset("ifySTc")
PASSIVE = frozenset("pQUu")
FINITE = frozenset("vpbL8")
VERBS = frozenset("vpbL8IQJKguU")
SKIPPED = "-skip"


class Link(NamedTuple):
    """One word to another: `head` is the `role` of `of`; `via` is the preposition between, -1 where there is none."""

    role: str
    of: int
    head: int
    via: int = -1


@dataclass(slots=True)
class Verb:
    """A group of verbs, by its main one (`at`), from its first word on; what hangs on it, all as numbers of words."""

    at: int
    first: int
    kind: str
    subject: int | None = None
    objects: list[int] = field(default_factory=list)
    agent: int | None = None
    phrases: list[tuple[int, int]] = field(default_factory=list)
    """(preposition, noun)."""
    control: int | None = None
    """The verb whose subject it shares: wants to leave, having left."""
    noun: int | None = None
    """The noun it hangs on: the town that they took, a plan to leave."""
    said_by: int | None = None
    """The verb of saying that reports it."""
    mark: int | None = None
    """after, if, when."""
    shares: int | None = None
    """The verb it is coordinated with and whose object it shares."""

    @property
    def is_passive(self) -> bool:
        """Whether it is done to its subject."""
        return self.kind in PASSIVE

    @property
    def is_finite(self) -> bool:
        """Whether it has a tense of its own."""
        return self.kind in FINITE


class Clauses:
    """The verbs and nouns of some sentences. Words are numbered over all of them; after each sentence stands a break."""

    def __init__(self, tags: str, chunks: list[tuple[str, int, int]], links: list[Link]) -> None:
        self.tags = tags
        self.chunks = chunks
        self.links = links
        self.chunk_of: dict[int, int] = {end - 1: i for i, (_, _, end) in enumerate(chunks)}
        self.verbs: dict[int, Verb] = {
            end - 1: Verb(end - 1, first, kind) for kind, first, end in chunks if kind in VERBS
        }
        self.under: dict[int, list[Link]] = {}
        for link in links:
            verb = self.verbs.get(link.of)
            if verb is None or link.role in ("joined", "apposed", "under"):
                self.under.setdefault(link.of, []).append(link)
            elif link.role == "phrase":
                verb.phrases.append((link.via, link.head))
            elif link.role == "object":
                verb.objects.append(link.head)
            elif link.role == "said":
                if link.head in self.verbs:
                    self.verbs[link.head].said_by = link.of
            elif getattr(verb, link.role) is None:
                setattr(verb, link.role, link.head)


def read_clauses(tags: str, grammar: Grammar) -> Clauses:
    """The clauses of a string of tags (`Grammar.tags`)."""
    symbols = grammar.symbols
    groups = [(symbols[m.lastgroup or ""] or m[0][0], *m.span()) for m in grammar.chunk.finditer(tags)]
    chunks = [group for group in groups if group[0] != SKIPPED]
    return Clauses(tags, chunks, _links(chunks, grammar))


def _links(chunks: Sequence[tuple[str, int, int]], grammar: Grammar) -> list[Link]:
    """Every rule in its turn over the string of chunks; what one cuts out the later ones do not see."""
    text = "".join([kind for kind, _, _ in chunks])
    heads = [end - 1 for _, _, end in chunks]
    links: list[Link] = []
    for rule in grammar.rules:
        kept: list[str] = []
        at = 0
        left: list[int] = []
        for m in rule.pattern.finditer(text):
            for role, one, verb in rule.notes:
                x, y = m.start(one), m.start(verb)
                if x >= 0 and y >= 0:
                    links.append(Link(role, heads[y], heads[x]))
            if rule.phrases:
                links += _phrases(text, heads, m.span("phrases"), heads[m.start("verb")], "phrase")
            if rule.cuts:
                start, end = m.span("cut")
                links += _cut(rule, text, heads, start, end, grammar.inner)
                kept.append(text[at:start])
                left += heads[at:start]
                at = end
        if at:
            text = "".join([*kept, text[at:]])
            heads = left + heads[at:]
    return links


def _cut(
    rule: Rule, text: str, heads: Sequence[int], start: int, end: int, inner: Iterable[Rule]
) -> Iterator[Link]:
    """What a piece that is cut out is to the noun before it."""
    noun = heads[start - 1]
    if rule.result == "phrases":
        yield from _phrases(text, heads, (start, end), noun, "under")
    elif rule.result in ("joined", "apposed"):
        yield from (Link(rule.result, noun, heads[i]) for i in range(start, end) if text[i] == NOUN)
    elif rule.result == "clause":
        piece = text[start:end]
        if (verb := next((i for i in range(start, end) if text[i] in VERBS), None)) is not None:
            yield Link("noun", heads[verb], noun)
        for reading in inner:
            for m in reading.pattern.finditer(piece):
                verb = start + m.start("verb")
                for role, one, _ in reading.notes:
                    if m.start(one) >= 0:
                        yield Link(role, heads[verb], heads[start + m.start(one)])
                if reading.phrases:
                    a, b = m.span("phrases")
                    yield from _phrases(text, heads, (start + a, start + b), heads[verb], "phrase")


def _phrases(text: str, heads: Sequence[int], span: tuple[int, int], of: int, role: str) -> Iterator[Link]:
    """The nouns of prepositional phrases, each with its preposition; "of" hangs on the noun just before it."""
    for i in range(span[0], span[1] - 1):
        if text[i] in PREPOSITIONS and text[i + 1] in "no":
            if text[i] == OF and i > span[0] and text[i - 1] == NOUN:
                yield Link("under", heads[i - 1], heads[i + 1], heads[i])
            else:
                yield Link(role, of, heads[i + 1], heads[i])
