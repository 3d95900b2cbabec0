"""What an English form can be, and the patterns that sentences are read by, from seed tables.

A cascade over tag strings, one character a token, as information extraction has known it since FASTUS (Hobbs et al. 1997):
classes of words, ordered repairs of them in context (Brill 1992), chunks (Abney 1991), clauses. Each layer is regular
expressions over a short string, for all sentences of a text at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from transforms.schema import Column, Table

STEPS = ("part", "tags", "chunks", "clauses")
BREAK = "|"
"""The tag of a sentence's end."""
NUMBER, NAME, ADVERB, TIME = "0", "e", "r", "t"

WORD_CLASSES = Table("word_classes", "One class of words, with those that always belong to it.", ("tag",), (
    Column("tag", "string", "The character it has in tag strings.", null=False),
    Column("name", "string", "What it is called.", null=False),
    Column("forms", "string", "The forms that belong to it whatever words.csv says, in small letters, apart by spaces."),
    Column("about", "string", "What it is."),
    Column("example", "string", "A sentence that needs it; a test."),
    Column("reads", "string", "What is read in the example only with it: role(verb, head), apart by semicolons."),
), "seed")  # fmt: skip
WORDS = Table("words", "The forms of one class that begin with one letter.", ("tag", "initial"), (
    Column("tag", "string", "The class.", null=False),
    Column("initial", "string", "The letter.", null=False),
    Column("forms", "string", "The forms, in small letters, apart by spaces.", null=False),
), "seed")  # fmt: skip
PATTERNS = Table("patterns", "One pattern over tags or chunks; those of a step are tried in the order of their ranks.", ("step", "rank"), (
    Column("step", "string", "part: a piece that others name in braces. tags: a repair of tags. chunks: a group of words; the first that fits. clauses: what governs what.", STEPS, null=False),
    Column("rank", "int64", "Its place in the order of its step.", null=False),
    Column("name", "string", "What it is called.", null=False),
    Column("pattern", "string", "A regex over the string of its step; spaces are left out.", null=False),
    Column("result", "string", "tags: what stands there instead. chunks: the chunk's character. clauses: `clause` where what is cut is a clause of its own."),
    Column("example", "string", "A sentence that needs it; a test."),
    Column("reads", "string", "What is read in the example only with it: role(verb, head), apart by semicolons."),
    Column("counter_example", "string", "A sentence like it that must be read the same without it; a test."),
), "seed")  # fmt: skip

Row = Mapping[str, str]


class Rule(NamedTuple):
    """A pattern over chunks: the links it notes, as (role, group of the one, group of the verb), and the groups in it that hold
    prepositions with their nouns; what is cut out of the string, if anything, and what that is to the noun before it."""

    name: str
    pattern: re.Pattern[str]
    notes: tuple[tuple[str, str, str], ...]
    phrases: bool
    cuts: bool
    result: str


class _Tags(dict[str, str]):
    """The tag of a form, worked out when it is first met."""

    def __init__(self, of: Mapping[str, str], opening: bool) -> None:
        super().__init__()
        self._of, self._opening = of, opening

    def __missing__(self, form: str) -> str:
        tag = tag_of(form, self._of, self._opening)
        if len(self) < MOST_FORMS:
            self[form] = tag
        return tag


class Grammar:
    """The words and the patterns, ready for use."""

    def __init__(self, classes: Sequence[Row], words: Sequence[Row], patterns: Sequence[Row]) -> None:
        forms = {form: row["tag"] for row in words for form in row["forms"].split()}
        closed = {form: row["tag"] for row in classes for form in row["forms"].split()}
        known = {**forms, **closed}
        self.inside = _Tags(known, False)
        self.opening = _Tags(known, True)
        parts = {r["name"]: _compact(r["pattern"]) for r in patterns if r["step"] == "part"}

        def of(step: str) -> list[tuple[str, str, str]]:
            rows = sorted((r for r in patterns if r["step"] == step), key=lambda r: int(r["rank"]))
            return [(r["name"], _filled(_compact(r["pattern"]), parts), r["result"]) for r in rows]

        self.repairs = [(re.compile(_anchored(pattern)), result) for _, pattern, result in of("tags")]
        chunks = of("chunks")
        self.chunk = re.compile("|".join(f"(?P<k{i}>{p})" for i, (_, p, _) in enumerate(chunks)) or "(?!)")
        self.symbols = {f"k{i}": result for i, (_, _, result) in enumerate(chunks)}
        self.rules = [_rule(name, re.compile(pattern), result) for name, pattern, result in of("clauses")]
        self.inner = [rule for rule in self.rules if rule.name in INNER]

    def tags(self, sentences: Iterable[Sequence[str]]) -> str:
        """The tags of all words of some sentences, in one string; BREAK before the first and after each."""
        out = [BREAK]
        inside, opening = self.inside, self.opening
        for words in sentences:
            at = 0
            for word in words:
                out.append(tag := opening[word])
                at += 1
                if tag not in OPENERS:
                    break
            out += [inside[word] for word in words[at:]]
            out.append(BREAK)
        return self.repaired("".join(out))

    def repaired(self, tags: str) -> str:
        """A string of tags with what words can be settled by the words around them."""
        for pattern, result in self.repairs:
            tags = pattern.sub(result, tags)
        return tags


def tag_of(form: str, known: Mapping[str, str], opening: bool) -> str:
    """The tag of one form: as a class has it, by its shape, or by its ending. `opening`: it begins a sentence, where a capital says nothing."""
    low = form.lower().replace("’", "'")
    if form[0].isdigit():
        return NUMBER
    if form in TIMES_CAPITAL:
        return TIME
    if form.isupper() and len(form) > 1:
        return NAME
    if form[0].isupper() and not opening and low not in known:
        return NAME
    if tag := known.get(low):
        return NAME if form[0].isupper() and not opening and tag in OPEN else tag
    if form[0].isupper():
        return ADVERB if low.endswith("ly") and len(low) > SHORTEST_ADVERB else NAME
    if not form[0].isalnum():
        return "_" if form[-1].isspace() else "-"
    if "-" in low and (tag := known.get(low.rsplit("-", 1)[1], by_ending(low))):
        return "a" if tag in "xugEav" else tag
    return by_ending(low)


def by_ending(form: str) -> str:
    """What a form that no list has most likely is."""
    if form.endswith("ly"):
        return ADVERB
    if form.endswith("ing"):
        return "g"
    if form.endswith("ed"):
        return "x"
    return "m" if form.endswith("s") and not form.endswith(("ss", "us", "is")) else "n"


def _compact(pattern: str) -> str:
    return pattern.replace(" ", "")


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    return pattern


def _anchored(pattern: str) -> str:
    """A pattern that begins by looking behind, with what it looks for put first: a search then skips to that.

    >>> _anchored("(?<=[d'])A(?=n)"), _anchored("(?<=d)[vbz]"), _anchored("(?<=M)([rN]*)x")
    ("A(?<=[d']A)(?=n)", '[vbz](?<=d[vbz])', '(?<=M)([rN]*)x')
    """
    if m := BEHIND.match(pattern):
        return f"{m['sought']}(?<={m['behind']}{m['sought']}){pattern[m.end() :]}"
    return pattern


def _rule(name: str, pattern: re.Pattern[str], result: str) -> Rule:
    groups = pattern.groupindex
    notes = []
    for group in groups:
        role = group.rstrip("23")
        number = group[len(role) :]
        if role in ROLES:
            notes.append((role, group, "verb" + number if "verb" + number in groups else "verb"))
        elif role == "verb" and number and "subject" in groups and "subject" + number not in groups:
            notes.append(("subject", "subject", group))
    return Rule(name, pattern, tuple(notes), "phrases" in groups, "cut" in groups, result)


BEHIND = re.compile(r"\(\?<=(?P<behind>\w|\[[^\]]{1,40}\])\)(?P<sought>\w|\[[^\]]{1,40}\])(?![*+?|])")
ROLES = ("subject", "object", "agent", "control", "noun", "said", "mark", "shares")
INNER = ("object", "agent", "prepositions", "to do")
"""Readings that are also made inside of a clause that is cut out."""
OPENERS = '"_(|-rC'
OPEN = "nmavbzugxXQYKEZAGrL678"
TIMES_CAPITAL = frozenset({"May", "AM", "PM"})
SHORTEST_ADVERB = 6
MOST_FORMS = 1 << 16
