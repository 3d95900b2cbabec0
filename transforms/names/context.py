"""What stands around a name: place terms, prepositions, distances, verbs of saying. All on folded text (small letters,
dashes as spaces), which has the offsets of the text itself."""

from __future__ import annotations

import re

from transforms.names.entity import PlaceTerm
from transforms.names.lexicon import Lexicon

WORDS_REACH = 60  # characters before a name that are looked at
DIRECTION = re.compile(
    r"\b(?:north|south|east|west)(?: ?(?:north|south|east|west))?(?:ern)?(?:wards?)? of (?:the )?$"
)
DISTANCE = re.compile(
    r"\b(?:km|kilomet(?:er|re)s?|miles?|m|met(?:er|re)s|yards)(?: \([^)]*\))? (?:away )?(?:from|outside|off) (?:the )?$"
)
BETWEEN = re.compile(r"\bbetween (?:the )?(?:[^.;]{2,40} and (?:the )?)?$")
PRECISE = {
    "between": ("between", BETWEEN),
    "and": ("between", BETWEEN),
    "of": ("direction", DIRECTION),
    "from": ("near", DISTANCE),
    "outside": ("near", DISTANCE),
    "off": ("near", DISTANCE),
}
"""By the last word before a name: what is meant of the place where the pattern fits what stands before it."""
PREPOSITIONS = frozenset(
    "in at near from to of outside around toward towards into inside on through via reach reached left entered captured "
    "seized recaptured retook besieged between and hit struck shelled bombed targeted attacked stormed liberated".split()
)
WHERE = frozenset(
    ["in", "at", "near", "from", "of", "around", "outside", "to", "into"]
)  # people there say it, not the place
SPOKEN_TO = re.compile(
    r"\b(?:according to|told|quoted by|reported by|citing|statement (?:by|from)) (?:the )?$"
)
SPOKEN_LAST = frozenset(["to", "told", "by", "citing", "from"])
NEXT_WORDS = re.compile(r"'?s? ([^\W\d_]+(?: [^\W\d_]+){0,2})")
SAYS = re.compile(r" (?:(?:has|have|had|also|itself|later|on \w+day) )*([^\W\d_]+)")
FORENAME = re.compile(r"(?<![^\W_])([^\W\d_]+) $")


def words_before(folded: str, start: int) -> list[str]:
    """The last words before a name, less a "the" at their end; none where something other than a space stands between."""
    if folded[start - 1 : start] != " ":
        return []
    words = folded[max(0, start - WORDS_REACH) : start].split()
    return words[:-1] if words and words[-1] == "the" else words


def find_term(folded: str, before: list[str], end: int, lexicon: Lexicon) -> tuple[PlaceTerm | None, int]:
    """The place term right after a name or among the words `before` it, the longest first, and where a name with a term
    after it ends."""
    if after := NEXT_WORDS.match(folded, end):
        words = after[1].split(" ")
        for n in range(len(words), 0, -1):
            phrase = " ".join(words[:n])
            if term := lexicon.place_terms_after.get(phrase):
                return term, after.start(1) + len(phrase)
    for n in range(min(3, len(before)), 0, -1):
        if term := lexicon.place_terms_before.get(" ".join(before[-n:])):
            return term, end
    return None, end


def has_place_cue(folded: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a preposition or a place term stands before a name, or a place term after it."""
    words = words_before(folded, start)
    return bool(words and words[-1] in PREPOSITIONS) or find_term(folded, words, end, lexicon)[0] is not None


def find_precision(folded: str, start: int, words: list[str], is_area: bool, term: PlaceTerm | None) -> str:
    """What is meant of a place after these words: exact, near, direction, between or area."""
    last = words[-1] if words else ""
    if pattern := PRECISE.get(last):
        precision, before = pattern
        if before.search(folded[max(0, start - WORDS_REACH) : start]):
            return precision
    return "area" if is_area else (term.precision if term else "") or "exact"


def find_roles(
    folded: str, start: int, end: int, words: list[str], is_place: bool, lexicon: Lexicon
) -> tuple[bool, bool]:
    """(is a metonym, is an attribution) of a name after these words: one before a verb of saying, and one after "according
    to". A place that says something stands for its government, but for one where people say it ("Officials in Raqqa said")."""
    after = SAYS.match(folded, end)
    says = bool(after and lexicon.speech_verbs.get(after[1]))
    if is_place:
        says = says and WHERE.isdisjoint(words[-6:])
    told = bool(
        words and words[-1] in SPOKEN_LAST and SPOKEN_TO.search(folded[max(0, start - WORDS_REACH) : start])
    )
    return says and is_place, says or told


def follows_a_forename(text: str, start: int) -> bool:
    """Whether a capitalised word stands right before, other than at the head of a sentence: Yusuf al-Halabi."""
    before = FORENAME.search(text, max(0, start - 30), start)
    if not before or not before[1][0].isupper() or before[1].isupper():
        return False
    head = text[max(0, before.start() - 4) : before.start()].rstrip(" ")
    return bool(head) and head[-1] not in '.!?\n“"‘'
