"""Numbers said about people and territory: how many, of what, with which bounds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from transforms.article import Article
from transforms.language.phrases import Noun, Phrase, Phrases, Terms
from transforms.names.name import Name, id_of
from transforms.records.attributions import ATTRIBUTION
from transforms.records.events import EVENT
from transforms.records.record import Record, Records, Row, alone
from transforms.schema import ARTICLE_ID, SPANS, Column, Table
from transforms.spans import meets

MEASURES = (
    "killed", "injured", "casualties", "captured", "arrested", "missing", "displaced", "besieged", "strength", "strikes",
    "territory_share", "area_km2", "distance_km", "population", "other",
)  # fmt: skip
VICTIMS = (
    "fighters",
    "civilians",
    "children",
    "women",
    "medics",
    "journalists",
    "captives",
    "displaced",
    "households",
    "residents",
    "people",
)
BOUNDS = ("exact", "at_least", "at_most", "more_than", "less_than", "range", "approximate", "vague")
FIGURES = Table(
    "figures",
    "One number said about people or territory, as printed.",
    ("figure_id",),
    (
        Column("figure_id", "string", "Hash of document, span and measure.", null=False),
        ARTICLE_ID,
        *SPANS,
        Column("part", "string", "Where in the article.", values=("title", "caption", "body"), null=False),
        Column("measure", "string", "What is counted.", values=MEASURES, null=False),
        Column("low", "double", "The least it can be; null where the words give none."),
        Column("high", "double", "The most it can be; null where the words give none."),
        Column("best", "double", "The number itself where it is exact or approximate."),
        Column("bound", "string", "How the number is bounded: exact and approximate have low = high = best, at_least and more_than low alone, "
               "at_most and less_than high alone, range both, vague neither.", values=BOUNDS, null=False),
        Column("unit", "string", "What one of it is: the noun as printed, or kilometers, percent."),
        Column("vague_word", "string", "dozens, scores, hundreds, ... where the number is vague."),
        Column("force_id", "string", "Of whom.", links=("forces",)),
        Column("victim_group", "string", "What people.", values=VICTIMS),
        Column("place_id", "string", "Where, by the nearest place named in the sentence.", links=("places",), measured=True),
        Column("attribution_id", "string", "Who says so, where the sentence names one.", links=("attributions",), measured=True),
        Column("event_id", "string", "The event told in the same sentence that it counts the victims of.", links=("events",)),
        Column("sentence", "string", "The sentence.", null=False),
    ),
)  # fmt: skip

_ONES = {w: n for n, w in enumerate("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 1)}  # fmt: skip
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "m": 1_000_000, "mn": 1_000_000, "k": 1_000, "bn": 1e9}  # fmt: skip
_DOZENS = {"half a dozen": 6, "a dozen": 12, "one dozen": 12, "two dozen": 24, "three dozen": 36, "four dozen": 48, "a couple": 2, "a pair": 2, "both": 2, "the couple": 2, "the pair": 2, "a young couple": 2, "a trio": 3, "half a million": 500_000, "half a billion": 500_000_000, "a quarter of a million": 250_000, "three quarters of a million": 750_000}  # fmt: skip
_ONE_WORD = "|".join([*_TENS, *sorted(_ONES, key=len, reverse=True)])
_SPELLED = rf"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(sorted(_ONES, key=len, reverse=True))})|{_ONE_WORD}"
_WORDS = rf"(?:(?:a|{_SPELLED})\s(?:hundred|thousand|million|billion)(?:\s(?:hundred|thousand|million))?(?:,?\s(?:{_SPELLED})\shundred)?(?:\s(?:and\s)?(?:{_SPELLED}))?|(?:{_SPELLED})\sand\sa\shalf\s(?:million|billion)|{_SPELLED})"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d,.])|\d+(?:\.\d+)?"
_VAGUE = r"(?:(?:tens|hundreds|dozens|scores)\sof\s(?:thousands|millions)|(?:several|many|a few)\s(?:dozen|hundred|thousand)|dozens|scores|hundreds|thousands|millions|several|numerous|many|a handful|a few|a number)"
ACTIVE = re.compile(
    r"^\s(?:(?:at least|more|over|about|some|the|a|an|another|several|his|her|their|its|up)\b|\d|(?:"
    + _ONE_WORD
    + r")\b|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|In\b|On\b|At\b)[A-Z])"
)
HEADLINE = re.compile(
    r"^,?\s(?:\d+|[a-z]+)\s(?:others?\s|people\s|more\s)?(?:injured|wounded|hurt|missing|killed|arrested)\b",
    re.I,
)
PASSIVE = re.compile(r"\b(?:was|were|been|being|be|is|are|got)\b", re.I)
AND_KILLED = re.compile(r"^\s(?:and|then)\s(?:killed|fatally|died)\b", re.I)
MULTIPLES = {"double": 2, "triple": 3, "quadruple": 4, "quintuple": 5}
NUMBER = re.compile(
    rf"(?<![\w$€£¥#/:])(?<!\d[.,])(?<![^\d]-)(?:(?P<dozen>{'|'.join(_DOZENS)})|(?P<digits>{_DIGITS})(?:\s(?P<scale>hundred|thousand|million|billion)|(?P<short>m|mn|k|bn)(?=\s))?"
    rf"|(?P<multiple>{'|'.join(MULTIPLES)})(?=[ -](?:fatal |deadly )?(?:homicide|murder|slaying|killing|shooting|stabbing|execution|fatality))|(?P<words>{_WORDS})|(?P<vague>{_VAGUE})|(?P<none>no|zero|none))(?![\w/:]|[.,]\d|-(?!\d|–|strong|homicide|murder|slaying|shooting|killing))|(?<![\w$€£¥#/:])(?<!\d[.,])(?<![^\d]-)(?P<joined>{_DIGITS})(?=km|%|sq)",
    re.I,
)
DIGITS = re.compile(r"(?<!\d)\d")
_A = [f"{a} {n}" for a in ("a", "half a") for n in ("hundred", "thousand", "million", "billion", "dozen")]
SPELLED = Phrases(
    [*_ONES, *_TENS, *_DOZENS, *MULTIPLES, *_A, *(f"{t} {o}" for t in _TENS for o in list(_ONES)[:9]), "no", "zero", "none", "tens of",
     "dozens", "scores", "hundreds", "thousands", "millions", "several", "numerous", "many", "a handful", "a few", "a number"]
)  # fmt: skip
BEFORE = (
    ("at_least", re.compile(r"\b(?:at least|no fewer than|no less than|not less than|a minimum of|not fewer than)\s(?:the\s)?$", re.I)),
    ("more_than", re.compile(r"\b(?:more than|over|upwards of|above|exceeding|in excess of|greater than|topped|surpassed|well over|exceeded)\s(?:the\s)?$", re.I)),
    ("at_most", re.compile(r"\b(?:at most|up to|as many as|no more than|not more than|a maximum of|within)\s(?:the\s)?$", re.I)),
    ("less_than", re.compile(r"\b(?:fewer than|less than|under|below|just under|not quite)\s(?:the\s)?$", re.I)),
    ("approximate", re.compile(r"(?:\b(?:about|around|some|roughly|nearly|almost|approximately|an estimated|estimated|close to|circa|reportedly|perhaps|an average of|estimated at)|~)\s(?:the\s|an?\s)?$", re.I)),
)  # fmt: skip
BOUNDING = frozenset(word for _, p in BEFORE for word in re.findall(r"\b\w+(?=[|)])", p.pattern)) | {
    "the",
    "a",
    "an",
    "",
}
"""The words that the patterns of BEFORE can end in, read off them."""
NOT_WORD = re.compile(r"\W+")
AFTER = re.compile(r"\s?(?:or more|and counting|or so|\+)(?!\w)", re.I)
BETWEEN = re.compile(r"\b(?:between|from)\s$", re.I)
JOINER = re.compile(r"\s?[-–—]\s?|\sto\s|\sand\s", re.I)
ARTICLES = re.compile(r"^\s(?:of\s)?(?:the\s|its\s|their\s|his\s|these\s|those\s|our\s)?", re.I)
TOKEN = re.compile(r"[^\s,;:.()\"“”\[\]!?]+(?:\.[A-Z]\.?)*")
STOPS = frozenset(
    "in on at from with by for as and or but that who which were was are is have has had will would can could be been being to into near "
    "after before during when while than since until against between inside outside under over not including among per killed wounded "
    "injured dead died arrested said told also still remain remained where".split()
)
GOES_ON = re.compile(
    r"^(?:\s?\([^()]{1,40}\))?(?:[\s,]+(?:people|others|other|more|also|were|was|have|has|had|been|be|being|are|is|reportedly|believed|thought|"
    r"confirmed|feared|reported|said|to|both|all|later|now|currently|left|critically|seriously|severely|lightly|badly|already|still|estimated|got|who|internally|"
    r"went|sent|taken|rushed|transported|airlifted|brought|with|non-life|of|them|those|whom|remain|remained|remains|pronounced|declared|found|presumed|listed|in|suffered|sustained|either|since|temporarily|forcibly))*\s$",
    re.I,
)
LEADS = re.compile(
    r"^\s(?:(?:of|to|by|the|a|an|another|some|its|at|least|more|than|up|about|around|nearly|almost|over|as|many|estimated|roughly|approximately|"
    r"fewer|less|no|total|confirmed|between|from|further|additional|other|all|these|and|or|wounding|injuring|injured|wounded|number|his|her|their|our|my|both|along|with|"
    r"himself|herself|injury|[\w-]+['’]s)\s)*$",
    re.I,
)
INCLUDING = re.compile(r"\b(?:including|among them|of whom|of them|among whom)\s(?:[\w-]+\s){0,3}$", re.I)
ATTEMPTS = (
    "attempted",
    "attempted murder",
    "attempted homicide",
    "planned",
)  # what did not happen counts nobody
INSERTED = re.compile(
    r",?\s(?:including|among them|most of them|mostly|many of them|some of them|all of them)\s[^;.]*?(?=,?\s(?:were|was|have|has|had|are|is)\s|$)|,\s(?:[^,;.]{2,60},)(?=\s)"
)
TOLL = re.compile(
    r"\btoll\b[^.;]{0,60}?\b(?:to|at|of|surpass\w*|exceed\w*|reach\w*|tops?|topped|pass\w*)\s(?:(?:at least|more than|over|about|around|nearly|some|least)\s)?$",
    re.I,
)
BOTH = re.compile(r"\bkill\w*\s(?:or|and)\s$", re.I)
OR_BOTH = re.compile(
    rf"^\s(?:or|and)\s(?:wounded|injured|hurt|maimed)\b(?!\s(?:an?|another|the|\d|at|about|more|some|several|many|dozens|scores|hundreds|{_ONE_WORD})\b)",
    re.I,
)
PRINTED = re.compile(
    r"(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)"
)  # a date in digits, whichever way it is read
ADJECTIVE = re.compile(
    r"\s(?!(?:in|on|at|by|and|or|as|after|when|during|from|for|with|near|while|since)\b)[a-z][a-z-]+"
)
COORDINATED = re.compile(  # 30 soldiers and 39 rebels had been [killed]
    r",?\sand\s(?:at least\s|some\s|about\s)?[\w,]+(?:\s[\w-]+){1,3}\s(?:were|was|are|have been|had been|has been)\s(?:\w+ly\s)?",
    re.I,
)
YEARS = re.compile(r"\b(?:in|since|by|of|until|from|during|year|and|to|early|late|mid)[ -]$", re.I)
CLOCK = re.compile(
    r"^\s?(?:a\.?m|p\.?m|o['’]clock|hours?|hrs|minutes?|years?|months?|weeks?|days?|th|st|nd|rd|gmt|est|million dollars|dollars|euros|pounds)\b",
    re.I,
)
NO_NUMBER = re.compile(
    r"\s(?:of(?!\s(?:its|their|his|her|our)\s)|another|day|side|such|more than|longer|one|doubt|wonder)\b"
)  # one day, no doubt
OF_OWN = re.compile(r"\sof\s(?:its|their|his|her|our)\s")  # one of its soldiers
SOMEONE = re.compile(r"\b(?:no|any|some|every|each)\s$", re.I)
APART = re.compile(r"[;:.!?()\"“”]|,\s")
TERRITORY = re.compile(
    r"\b(?:territor\w*|land|area|city|country|province|governorate|ground|town|control\w*)\b", re.I
)
SPLIT = re.compile(r"[;.!?\n]|,?\s(?:but|while|whereas|although)\s")
NOUN_REACH = 90
MOST_NUMBERS = 80  # numbers in a sentence; real ones have up to 40, and one with more is a table


class Figure(NamedTuple):
    """A figure at text[start:end]: see FIGURES. `at` is where the number itself stands."""

    start: int
    end: int
    at: int
    measure: str
    low: float | None
    high: float | None
    best: float | None
    bound: str
    unit: str | None
    vague_word: str | None
    force: Name | None
    victim_group: str | None
    place: Name | None
    is_part: bool = False
    """Whether it is one of the parts that the figure before it has."""


class _Number(NamedTuple):
    start: int
    end: int
    low: float | None
    high: float | None
    bound: str
    vague: str | None


HALF = " and a half"
DEAD = re.compile(r"[^.;:\x00]{0,120}?\b(?P<how>dead|killed|wounded|injured|homeless|displaced)\b")
LEFT = re.compile(r"\bleft\s[^.;:\x00]{0,120}$")
HOW = {
    "dead": "killed",
    "killed": "killed",
    "wounded": "injured",
    "injured": "injured",
    "homeless": "displaced",
    "displaced": "displaced",
}
"""left 13 fighters, four soldiers and six civilians dead."""
PARTS = re.compile(r"[^.;:,]{0,30}:\s(?:at least\s)?|[^.;:]{0,60}\bincluded\s(?:at least\s)?")
"""48 dead: 11 civilians; the 14 people killed in X included five children."""
NEXT_PART = re.compile(r",\s(?:and\s)?|\sand\s|;\s")
LETHAL = {"killed", "injured", "casualties", "captured", "arrested", "displaced", "missing", "besieged"}


def _row(f: Figure, records: Records) -> Row:
    """A figure's claim is the nearest clause of reporting in its sentence; its event the nearest told there, where it counts people."""
    inside = records.article.sentence_of(f.start)
    by = min(records.between(ATTRIBUTION, *inside), key=lambda a: abs(a.cue_start - f.at), default=None)
    told = records.between(EVENT, *inside) if f.measure in LETHAL else []
    event = min(told, key=lambda e: abs(e.start - f.at), default=None)
    return {
        "measure": f.measure, "low": f.low, "high": f.high, "best": f.best, "bound": f.bound, "unit": f.unit,
        "vague_word": f.vague_word, "force_id": id_of(f.force), "victim_group": f.victim_group, "place_id": id_of(f.place),
        "attribution_id": records.id_of(ATTRIBUTION, by), "event_id": records.id_of(EVENT, event),
        "sentence": records.sentence(f.start),
    }  # fmt: skip


def find_figures(article: Article) -> list[Figure]:
    """The figures of an article, in order of place."""
    terms = article.lexicon.terms
    found: list[Figure] = []
    starts = sorted(
        {
            *(m.start() for m in DIGITS.finditer(article.text)),
            *(p.start() for p in SPELLED.find(article.text)),
        }
    )
    for start, end in article.sentences:
        inside = starts[bisect_left(starts, start) : bisect_left(starts, end)]
        if not inside or len(inside) > MOST_NUMBERS or article.is_list(start, end):
            continue
        numbers = _numbers(article, inside, start, end)
        before: Figure | None = None
        for number in numbers:
            figure = _figure(number, article, (start, end), terms, before)
            if figure:
                found.append(figure)
                before = figure
    return found


def _matches(text: str, starts: list[int], end: int) -> Iterator[re.Match[str]]:
    """The numbers that begin at these places, none overlapping another."""
    at = 0
    for start in starts:
        if start >= at and (m := NUMBER.match(text, start, end)):
            at = m.end()
            yield m


def _numbers(article: Article, starts: list[int], start: int, end: int) -> list[_Number]:
    """The numbers of a sentence, ranges as one; no dates, years, hours, ages, money, parts of names."""
    if not starts:
        return []
    text = article.text
    taken = [(t.start, t.end) for t in article.timed(start, end)]
    taken += [m.span() for m in PRINTED.finditer(text, start, end)]
    single = []
    for m in _matches(text, starts, end):
        if meets(taken, *m.span()) or CLOCK.match(text[m.end() : m.end() + 16]):
            continue
        value = _value(m)
        if (
            value is not None
            and value.is_integer()
            and 1900 <= value < 2100
            and "," not in m[0]
            and YEARS.search(text[max(0, m.start() - 8) : m.start()])
        ):
            continue
        word = m[0].lower()
        if word in ("one", "no", "none") and NO_NUMBER.match(text[m.end() : m.end() + 12]):
            continue
        if word == "one" and SOMEONE.search(text[max(0, m.start() - 6) : m.start()]):
            continue
        single.append((m, value))
    out: list[_Number] = []
    skip = False
    for i, (m, value) in enumerate(single):
        if skip:
            skip = False
            continue
        follows = single[i + 1] if i + 1 < len(single) else None
        if follows and value is not None and follows[1] is not None:
            joiner = text[m.end() : follows[0].start()]
            opened = BETWEEN.search(text[max(start, m.start() - 9) : m.start()])
            if JOINER.fullmatch(joiner) and (joiner.strip() != "and" or opened) and follows[1] > value:
                scale = follows[0]["scale"]
                low = value * _SCALES[scale.lower()] if scale and not m["scale"] and value < 1000 else value
                out.append(
                    _Number(
                        m.start() - (len(opened[0]) if opened else 0),
                        follows[0].end(),
                        low,
                        follows[1],
                        "range",
                        None,
                    )
                )
                skip = True
                continue
        out.append(_bounded(m, value, text, start))
    return out


STRONG = re.compile(
    r"-strong\s(?:[\w’'-]{1,30}\s){0,3}?(force|army|brigade|militia|unit|battalion|contingent|garrison|faction|alliance|regiment|division|guard)\b",
    re.I,
)
POINTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
MEASURED = re.compile(
    r"\s?(?:%|km|k?met|mile|percent|per cent|sq|square|million|billion|degree|feet|ton|times)", re.I
)


def _value(m: re.Match[str]) -> float | None:
    if m["vague"]:
        return None
    if m["none"]:
        return 0.0
    if m["multiple"]:
        return float(MULTIPLES[m["multiple"].lower()])
    if m["dozen"]:
        return float(_DOZENS[m["dozen"].lower()])
    if digits := m["digits"] or m["joined"]:
        scale = (m["scale"] or m["short"] or "").lower()
        if not scale and POINTED.fullmatch(digits) and not MEASURED.match(m.string, m.end()):
            digits = digits.replace(".", "")  # 1.200 people come whole
        return float(re.sub(r"[, \u00a0\u202f]", "", digits)) * _SCALES.get(scale, 1)
    total, part = 0.0, 0.0
    words = m["words"].lower()
    if HALF in words:
        words, part = words.replace(HALF, ""), 0.5
    for word in re.split(r"[\s-]+", words):
        if word in _SCALES:
            part = max(part, 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, part = total + part, 0.0
        elif word != "and":
            part += {"a": 1}.get(word, _ONES.get(word, _TENS.get(word, 0)))
    return total + part


def _bounded(m: re.Match[str], value: float | None, text: str, start: int) -> _Number:
    if value is None:
        return _Number(m.start(), m.end(), None, None, "vague", m["vague"].lower())
    before = text[max(start, m.start() - 24) : m.start()]
    last = NOT_WORD.split(before.rstrip())[-1].lower()
    for bound, pattern in BEFORE if last in BOUNDING else ():
        if found := pattern.search(before):
            low = value if bound in ("at_least", "more_than", "approximate") else None
            high = value if bound in ("at_most", "less_than", "approximate") else None
            return _Number(m.start() - len(before) + found.start(), m.end(), low, high, bound, None)
    if (after := AFTER.match(text, m.end())) and "so" not in after[0]:
        return _Number(m.start(), after.end(), value, None, "at_least", None)
    return _Number(m.start(), m.end(), value, value, "exact", None)


def _figure(
    number: _Number, article: Article, sentence: tuple[int, int], terms: Terms, before: Figure | None
) -> Figure | None:
    text = article.text
    noun, end, unit = _noun(text, number.end, sentence[1], terms)
    if (
        before
        and noun
        and noun.measure == before.measure in ("distance_km", "area_km2")
        and text[number.start - 1] in "(["
    ):
        return None  # the same in miles
    measure, group = _measure(number, noun, end, article, sentence, terms, before)
    is_part = False
    if before and noun and noun.group and before.measure in LETHAL and measure in ("strength", "other"):
        between = text[before.end : number.start]
        is_part = bool(PARTS.fullmatch(between) or (before.is_part and NEXT_PART.fullmatch(between)))
        if is_part:
            measure = before.measure
    if measure is None or (
        number.low == 0
        and measure not in ("killed", "injured", "casualties", "missing", "arrested", "captured", "displaced")
    ):
        return None
    if measure == "other" and group not in (None, "households") and (number.low or number.high or 0) < 100:
        return None  # a man or two of whom nothing is said that we count
    if number.vague in ("many", "a number", "numerous", "several", "a few") and measure in (
        "other",
        "strength",
        "strikes",
    ):
        return None
    low, high = number.low, number.high
    if (
        measure in ("distance_km", "area_km2")
        and unit
        and unit.lower().startswith(("mile", "square mile", "mi"))
    ):
        ratio = 1.609344 if measure == "distance_km" else 2.589988
        low, high = (
            (round(low * ratio, 3) if low is not None else None),
            (round(high * ratio, 3) if high is not None else None),
        )
    force = next(iter(article.named(number.start, end, "force")), None)
    if (
        force is None
        and noun
        and noun.group == "fighters"
        and (of := re.match(r"\s(?:of|from)\s(?:the\s)?", text[end : end + 12]))
    ):
        force = next(iter(article.named(end + of.end(), end + of.end() + 1, "force")), None)
    bound = number.bound
    best = low if bound in ("exact", "approximate") else None
    return Figure(start=number.start, end=end, at=number.end, measure=measure, low=low, high=high, best=best, bound=bound, unit=unit, vague_word=number.vague, force=force, victim_group=group or None,
                  place=article.nearest_place(*sentence, number.start), is_part=is_part)  # fmt: skip


def _noun(text: str, at: int, end: int, terms: Terms) -> tuple[Noun | None, int, str | None]:
    """The noun a number counts, where its phrase ends, and the noun as printed; (None, at, None) where there is none."""
    if force := STRONG.match(text, at, end):
        return Noun("fighters", "strength"), force.end(), force[1]
    lead = ARTICLES.match(text[at : at + 12])
    own = OF_OWN.match(text, at)
    start = own.end() if own else at + (lead.end() if lead else 0)
    if text[at : at + 1] in "%" or text.startswith(("km", "sq"), at):
        start = at
    words: list[str] = []
    ends: list[int] = []
    for m in TOKEN.finditer(text, start, min(end, start + NOUN_REACH)):
        gap = text[ends[-1] if words else start : m.start()]
        if len(words) == 7 or (gap != " " and (APART.search(gap) or (words and gap not in ("-", ", ")))):
            break
        words.append(m[0])
        ends.append(m.end())
        if _stops(m[0]):
            break
    if words and words[0] in ("The", "A", "An", "In", "On", "At"):
        return None, at, None  # a number that ends something else: page 215 The death toll
    for i, word in enumerate(words):
        if _stops(word):
            break
        for n in range(min(4, len(words) - i), 0, -1):
            phrase = " ".join(words[i : i + n])
            small = phrase.lower()
            if small.endswith(ATTEMPTS):
                return None, at, None
            following = words[i + n] if i + n < len(words) else ""
            if small == "civilian" and following and not _stops(following):
                continue  # civilian facilities
            if noun := terms.nouns.get(small.removesuffix("’s").removesuffix("'s")):
                if (further := terms.nouns.get(following.lower())) and following.lower() not in STOPS:
                    return further, ends[i + n], following
                return noun, ends[i + n - 1], phrase
    first = words[0] if words else ""
    if first[:1].isupper() and first.endswith("s") and len(first) > 3 and not first.isupper():
        return Noun("people", ""), ends[0], first  # 35,326 Brus: a people's name
    return None, at, None


def _stops(word: str) -> bool:
    """Whether a word ends a noun phrase; IS in capitals is a name."""
    return word.lower() in STOPS and not (word.isupper() and len(word) > 1)


def _measure(
    number: _Number,
    noun: Noun | None,
    end: int,
    article: Article,
    sentence: tuple[int, int],
    terms: Terms,
    before: Figure | None,
) -> tuple[str | None, str | None]:
    """(measure, victim group), or (None, None) where the number says nothing we count."""
    text = article.text
    group = noun.group if noun else None
    if (
        noun
        and noun.measure
        and noun.measure not in ("strength", "population", "displaced", "captured", "strikes", "casualties")
    ):
        if noun.measure == "territory_share":
            return (
                "territory_share" if TERRITORY.search(text[end : min(sentence[1], end + 50)]) else "other"
            ), None
        return noun.measure, group
    left = text[max(sentence[0], number.start - NOUN_REACH) : number.start]
    if noun is None or noun.group:
        if (dead := DEAD.match(text, end, sentence[1])) and LEFT.search(left):
            return HOW[dead["how"]], group or "people"
        inside = [m for m in article.triggers.between(number.end, end) if m.end() <= end] if noun else []
        if inside and (held := terms.triggers[inside[0].form]).voice != "object" and held.measure != "other":
            return held.measure, group  # two injured officers, 40 displaced families
        if verb := _triggered(
            article,
            max(sentence[0], number.start - NOUN_REACH),
            number.start,
            end,
            min(sentence[1], end + NOUN_REACH),
            noun is not None,
        ):
            return verb, group or "people"
        if (
            before is not None
            and number.vague is None
            and INCLUDING.search(left)
            and before.measure not in ("distance_km", "area_km2")
        ):
            return before.measure, group or before.victim_group
    if noun is None:
        return None, None
    return noun.measure or "other", group or None


def _triggered(article: Article, start: int, number: int, end: int, stop: int, has_noun: bool) -> str | None:
    """The measure of the verb that a number at text[number:end] belongs to, between `start` and `stop`: right beside it
    first, then in its clause."""
    text, terms = article.text, article.lexicon.terms
    cut = SPLIT.search(text, end, stop)
    stop = cut.start() if cut else stop
    start = max((c.end() for c in SPLIT.finditer(text, start, number)), default=start)
    left, right = text[start:number], text[end:stop]
    after = [
        (m.moved(end), terms.triggers[m.form]) for m in article.triggers.between(end, stop) if m.end() <= stop
    ]
    prior = [
        (m.moved(start), terms.triggers[m.form])
        for m in article.triggers.between(start, number)
        if m.end() <= number
    ]
    after = [
        (m, t) for m, t in after if t.voice != "object" and not (t.voice == "both" and _is_active(right, m))
    ]
    prior = [(m, t) for m, t in prior if t.voice != "subject"]
    gap = INSERTED.sub(" ", right[: after[0][0].start()]) if after else ""
    left = left.rstrip('“"‘«„` ') + " " if left.endswith(("“", '"', "‘", "«", "„", "`")) else left
    if TOLL.search(left):
        return "killed"
    led = bool(prior and LEADS.match(left[prior[-1][0].end() :]))
    if (
        after
        and not has_noun
        and after[0][1].measure == "besieged"
        and ADJECTIVE.match(right, after[0][0].end())
    ):
        return None  # two besieged towns
    if after and GOES_ON.match(gap) and not (led and after[0][0].form.endswith("ing")):
        return _with_next(after[0][1].measure, right[after[0][0].end() :])
    if led:
        m, t = prior[-1]
        return "casualties" if t.measure == "injured" and BOTH.search(left[: m.start()]) else t.measure
    if not has_noun:
        return None
    if (
        prior
        and re.search(r"\sand\s(?:the\s|his\s|her\s|their\s)?$", left)
        and len(left) - prior[-1][0].end() < 45
    ):
        return prior[-1][1].measure  # killed his brother and two others
    if after and (not NUMBER.search(gap) or COORDINATED.fullmatch(gap)):
        return _with_next(after[0][1].measure, right[after[0][0].end() :])
    return None


def _with_next(measure: str, rest: str) -> str:
    """A verb's measure with the verb that goes with it: shot and killed, killed or wounded."""
    if measure == "injured" and AND_KILLED.match(rest):
        return "killed"
    return "casualties" if measure == "killed" and OR_BOTH.match(rest) else measure


def _is_active(right: str, m: Phrase) -> bool:
    """Whether a verb after a number has an object of its own, and nothing says that it is passive: five gunmen killed ten."""
    rest = right[m.end() :]
    if HEADLINE.match(rest):
        return False  # 2 persons killed 13 injured
    return bool(ACTIVE.match(rest)) and not PASSIVE.search(right[: m.start()])


FIGURE = Record(
    FIGURES, alone(find_figures), lambda f: f"figure {f.measure}", _row, parts=("title", "caption", "body")
)
