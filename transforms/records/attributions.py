"""Who says so: clauses of reporting, before, inside and after what is reported."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import NamedTuple

from transforms.article import LONGEST_SENTENCE, MASK, Along, Article
from transforms.language.phrases import Phrase, Terms
from transforms.names.lexicon import Lexicon
from transforms.names.name import Name, id_of
from transforms.records.record import Record, Records, Row, alone
from transforms.schema import ARTICLE_ID, ENTITIES, SPANS, Column, Table

STANCES = ("reports", "claims", "confirms", "denies", "warns", "condemns")
CLAIMANTS = (
    "belligerent",
    "monitor",
    "news_agency",
    "state_media",
    "outlet",
    "official",
    "resident",
    "ngo",
    "unnamed",
)
ATTRIBUTIONS = Table(
    "attributions",
    "One clause that says who says so.",
    ("attribution_id",),
    (
        Column("attribution_id", "string", "Hash of document and span.", null=False),
        ARTICLE_ID,
        *SPANS,
        Column("claimant", "string", "The fullest name the article gives for whoever says it.", null=False),
        Column("claimant_surface", "string", "As printed in this clause.", null=False),
        Column("claimant_id", "string", "force_id, outlet_id, organization_id or place_id, where the claimant names one.", links=ENTITIES),
        Column("claimant_type", "string", "What sort of claimant; null where nothing shows it.", values=CLAIMANTS),
        Column("via_outlet_id", "string", "The outlet it was said to, or that quotes it.", links=("outlets",)),
        Column("cue", "string", "The words of saying.", null=False),
        Column("stance", "string", "How it is said.", values=STANCES, null=False),
        Column("sentence", "string", "The sentence.", null=False),
    ),
)  # fmt: skip

CHUNKS = re.compile(r"(?<!\s)\s*(?:[,;:]\s+|[()]\s*)|[,;:]\s+|[()]\s*|\s[–—-]+\s")
CLAUSE = re.compile(
    r"\b(?:that|when|while|whereas|because|but|if|where|though|although|since|as|after|before|what|how|why|which)\s(?=\S)",
    re.I,
)
OPENERS = re.compile(
    r"^(?:(?:and|but|also|however|meanwhile|then|still|yet|separately|earlier|later|so|now|instead|moreover|nevertheless|afterwards|afterward|indeed|yes|well|or|(?:early |late |earlier )?(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: night| morning| evening| afternoon)?|for his part|for its part|for her part)[\s,]+)+",
    re.I,
)
LEADING = re.compile(
    r"^(?:on|in|at|during|following|after|since|late|early|by|for|with|last|this|speaking|asked|over)\b.*$",
    re.I,
)
ENDINGS = (
    "also has have had was is were are later then already only further initially earlier recently reportedly repeatedly publicly previously once never even just "
    "still would could will did not do does may might should must told been quoted as today yesterday".split()
)
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
PHRASES = ("in a statement", "in an interview")
TRAIL = frozenset([*ENDINGS, *DAYS, *(p.split()[-1] for p in PHRASES)])
"""The words that TRAILING can end in."""
TRAILING = re.compile(
    rf"(?<![\s,])[\s,]+(?:(?:on )?(?:{'|'.join(DAYS)})|{'|'.join([*PHRASES, *ENDINGS])})$", re.I
)
"""One of them, at the end."""
NO_VERB = re.compile(r"\b(?:to|not to|a|the|of|being|of being|is|are)\s$", re.I)
PASSIVE = re.compile(r"\b(?:is|are|was|were|been|be)\s(?:also\s)?$", re.I)
ARTICLE = re.compile(r"^(?:the|an?)\s", re.I)
UNNAMED = re.compile(r"\b(?:unnamed|anonym\w*|not (?:be )?(?:named|identified)|on condition of)\b", re.I)
ROLE_AFTER = re.compile(
    r",\s((?:a|an|the|its|who|chief|head|director|spokes\w+|commander|deputy|leader|president|minister|[a-z]+\s)[^.;\x00“\"]{3,110}?)(?=[,.;]|$|\s*\x00)"
)
LIVES = re.compile(r"\s(?:the\s|at least\s)?(?:[\w,]+\s){0,2}(?:lives|life)\b", re.I)
GOES_ON = re.compile(r"(\s*(?:he|she|they|it))\s.*\b(?:and|but)$", re.I)  # he appealed for help and said
NOUN_USE = re.compile(
    r"\b(?:the|a|an|this|that|these|those|its|his|her|their|our|my|your|no|any|another|some|several|multiple|such|media|news|earlier|official|new|recent|initial|"
    r"many|other|various|of|unconfirmed|conflicting|similar|to|in|under|by|with|for|and|or|first|latest|police)\s$|['’]s?\s$",
    re.I,
)
AMBIGUOUS = frozenset(
    "report reports claim claims warning warnings statement estimate estimates comment comments note notes account accounts reply order orders charge charges threat dispute request demand demands call calls vow promise praise offer forecast blame concern cites quotes address announcement".split()
)
FINITE_TOO = re.compile(r"\s\w+ed\s")  # a verb in the midst of what should be a name
IS_NOUN = re.compile(r"\s(?:were|was|are|is|have|had|of)\b")  # two hospital reports were lost
QUOTING = frozenset(["quoted", "cited", "quotes", "cites", "quoting", "citing"])
VERBS_OF_TWO = frozenset(["told", "tells", "informed", "assured"])
PRONOUNS = frozenset(["he", "she", "they", "it", "who", "we", "i"])
SPEAKS_NOT = frozenset(
    "there here this that these those all it's nothing everything one which what none".split()
)
DETERMINED = re.compile(
    r"^(?:the|a|an|another|one|its|his|her|their|some|several|two|three|many|most|other|both|local|senior|officials?|residents?|activists?|witnesses|police|authorities|sources?|investigators|prosecutors|medics|doctors|experts|analysts|rebels|militants|\d+-year-old)\b",
    re.I,
)
_STOP = r"(?!(?:in|on|at|after|during|told|who|which|that|when|while|as|before|by|and|but|yesterday|today|adding|referring|speaking|about|from)\b)"
_TOKEN = r"(?:(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gen|Col|Maj|Lt|St|Mt|Sgt|Sen|Rep|Gov|Cpl|Adm|Brig|Capt|[A-Z])\.|[^\s,;:.()\x00“”\"]+)"
AFTER_NP = re.compile(rf"\s*,?\s({_STOP}{_TOKEN}(?:\s{_STOP}{_TOKEN})*)")
QUOTED_AS = re.compile(r"^\s(?:the\s)?(.{2,90}?)\sas\s(?:saying|telling|having said)\b")
PERSON = re.compile(
    r"(?<![\w’'-])(?:(?:Mr|Mrs|Ms|Dr|Gen|Col|Maj|Lt|Sgt|Capt|Cpl|Adm|Brig|Sen|Rep|Gov|Prof)\.?\s){0,3}[A-Z][\w’'-]{1,40}"
    r"(?:\s(?:al-|bin\s|ibn\s|abu\s|de\s|van\s|von\s|[A-Z]\.\s)?[A-Z][\w’'-]{1,40}){1,6}"
)
SPEAKER = re.compile(PERSON.pattern + r"$")
LEAD = re.compile(
    r"(?<![\w’'-])(?:(?:an?|the|one|another|local|state|opposition|rebel|news|satellite|senior|deputy|chief|former|medical|military|security|[A-Z][\w’'.-]*)\s)*(?:an?|the|one|another|local|state|opposition|rebel|news|satellite|senior|deputy|chief|former|medical|military|security|[A-Z][\w’'.-]*)\s$"
)
ASIDE = re.compile(r"\s*(?:which|where|whose)\s", re.I)  # the monitor, which has sources there, said
APPOSED = re.compile(r"(?:an?|the|whose?|\d[\w-]*)\s|spokes", re.I)
NAME_AFTER = re.compile(
    r"(?:\s(?:of|for|to|in)\s(?:the\s)?[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]{1,30}(?:\s[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]{1,30}){0,2},)?,?\s(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w.’'-]{0,30}\s){0,3}([A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]{1,40})(?<!['’]s)(?![\w’'-]|\s[A-ZÀ-ÖØ-ÞĀ-Ž])"
)
NAME_BEFORE = re.compile(
    r"(?<![\w’'-])([A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]{1,40}),\s(?:(?:the|a|an|its|his|their)\s)?(?:[\w’'-]{1,30}\s){0,4}$"
)
BESIDE = (
    *(
        "continu",
        "spoke",
        "speak",
        "talk",
        "sigh",
        "quip",
        "jok",
        "whisper",
        "shout",
        "mutter",
        "murmur",
        "yell",
        "scream",
    ),
    *(
        "shrug",
        "chuckl",
        "laugh",
        "cried",
        "crie",
        "cry",
        "mus",
        "snap",
        "exclaim",
        "sob",
        "boom",
        "gasp",
        "groan",
        "retort",
    ),
)
"""How the verbs begin that say something beside a quotation alone."""
WISHED = re.compile(r"\b(?:to|not|must|should|could|would|never|n['’]t)\s(?:\w+ly\s)?$", re.I)
AGE = re.compile(r"(?:aged\s)?\d{1,3}")
PARTICLE = re.compile(r"\s(?:out|on|away|off)\b")
NOBODY = re.compile(r"(?:no|none|nobody|neither)\b", re.I)
IMPERSONAL = re.compile(r"\b(?:it|there)(?:['’]s|\s(?:is|was))\s(?:also\s)?(?:worth|important|no)\s$", re.I)
HAPPENS = re.compile(r"\s(?:in|near|at|across|around|outside|inside|along|as|after)\b")
LAST_NAME = re.compile(r"(?<![\w’'-])[^\W\d_][\w’'-]{0,40}$")
TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Gen|Col|Maj|Lt|Sgt|Capt|Cpl|Adm|Brig|Sen|Rep|Gov|Prof|President|Minister|Secretary|General|Colonel|Captain|Sheikh|King|Prince|Chief|Sheriff|Officer|Detective|Judge|Senator|Congressman|Mayor|Governor|Ambassador)\.?\s)+"
)
BRACKETS = re.compile(r"\([^()]{1,60}\)")
FINITE = re.compile(
    r"\b(?:was|were|is|are|which|has|have|had)\b|(?<!-)\b(?:[a-z]{2,}ed|took|gave|held|sent|left)\s(?:its|his|her|their|the|an?|\d+)\b",
    re.I,
)
REMEMBERED = 40  # clauses back that a claimant is looked for in
LONGEST_CLAIMANT = 130  # characters of a claimant
LONGEST_TRAIL = 100  # characters before a verb that are looked at for auxiliaries, adverbs and days


class Attribution(NamedTuple):
    """A clause of reporting at text[start:end]; its claimant stands at text[name_start:name_end]."""

    start: int
    end: int
    name_start: int
    name_end: int
    claimant: str
    claimant_surface: str
    role: str
    cue: str
    cue_start: int
    cue_end: int
    stance: str
    claimant_id: str | None
    claimant_type: str | None
    via: Name | None
    is_person: bool


def _row(a: Attribution, records: Records) -> Row:
    return {
        "claimant": a.claimant, "claimant_surface": a.claimant_surface, "claimant_id": a.claimant_id,
        "claimant_type": a.claimant_type, "via_outlet_id": id_of(a.via), "cue": a.cue, "stance": a.stance,
        "sentence": records.sentence(a.cue_start),
    }  # fmt: skip


def find_attributions(article: Article) -> list[Attribution]:
    """The clauses of reporting of an article, in order of place. Quoted words are never read for them."""
    frame = article.frame
    people, callings = _people(frame), _callings(frame, article.lexicon.terms)
    found: list[Attribution] = []
    for start, end in _stretches(article):
        cues = article.cues.between(start, end)
        for m in cues if cues and not article.is_list(start, end) else ():
            cue = m.form
            if (frame[m.start()].isupper() and cue != "according to") or frame.startswith(
                (" with ", " against "), m.end()
            ):
                continue  # the Islamic State; charged with
            if cue.startswith("claim") and LIVES.match(frame, m.end()):
                continue
            if (
                cue.startswith(BESIDE)
                and MASK not in frame[m.end() : m.end() + 4] + frame[max(0, m.start() - 30) : m.start()]
            ):
                continue  # goes on speaking only beside a quotation
            if span := _claimant(frame, start, end, m, found, article):
                found.append(_attribution(article, span, m, end, people, callings, found))
    return sorted(found, key=lambda a: a.start)


def _stretches(article: Article) -> list[tuple[int, int]]:
    """Sentences of the frame: a quotation's own sentences hold together with the clause that reports it."""
    out: list[tuple[int, int]] = []
    for a, b in article.sentences:
        inside = out and article.frame[max(a - 2, 0)] == MASK and article.frame[a] == MASK
        if (
            inside
            and b - out[-1][0] < 2 * LONGEST_SENTENCE
            and article.paragraph_of(a) == article.paragraph_of(out[-1][0])
        ):
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def _claimant(
    frame: str, start: int, end: int, cue: Phrase, found: list[Attribution], article: Article
) -> tuple[int, int, int, int] | None:
    """(claimant's start and end, role's start and end, the same where there is none) of one cue; None where it reports nothing."""
    said = cue.form
    if said == "according to":
        return _after(frame, cue.end(), end)
    left = frame[start : cue.start()]
    if said.endswith("ing") and found and (prior := found[-1]).cue_start >= start:
        return (
            prior.name_start,
            prior.name_end,
            prior.name_end,
            prior.name_end,
        )  # ..., adding: one speaker goes on
    if said in AMBIGUOUS and (
        NOUN_USE.search(left[-16:]) or not left.strip() or IS_NOUN.match(frame, cue.end())
    ):
        return None
    if said != "saying" and NO_VERB.search(left[-10:]):
        return None
    if article.lexicon.speech_verbs.get(said) == "condemns" and WISHED.search(left[-14:]):
        return None  # criticised for not, asked to, must condemn: nobody has
    if said in QUOTING and (quoted := QUOTED_AS.match(frame[cue.end() : min(end, cue.end() + 110)])):
        at = cue.end() + quoted.start(1)
        return at, at + len(quoted[1]), at, at
    bare = _without_trail(left.rstrip(" ,")) if left.strip() else ""
    if said != "saying" and PASSIVE.search(left[-12:]):
        by = re.match(r"\sby\s", frame[cue.end() : cue.end() + 5])
        return _after(frame, cue.end() + 3, end) if by else None
    if said.startswith("carr") and PARTICLE.match(frame, cue.end()):
        return None  # carried out a raid
    if span := _subject(frame, start, start + len(bare), article):
        return None if _says_nothing(frame, span, cue, article) else span
    if (
        not bare.strip()
        or bare.rstrip().endswith((MASK, "”", '"', "''", "»"))
        or bare.rstrip(" ,").endswith((MASK, "”", '"'))
    ):
        return _after(frame, cue.end(), end)
    return None


def _says_nothing(frame: str, span: tuple[int, int, int, int], cue: Phrase, article: Article) -> bool:
    """Whether nobody is named who says it: no group claimed, it is worth noting, heavy clashes reported in the north."""
    name = frame[span[0] : span[1]]
    if NOBODY.match(name) or IMPERSONAL.search(frame[max(0, cue.start() - 20) : cue.start()]):
        return True
    happens = cue.form == "reported" and HAPPENS.match(frame, cue.end())
    return bool(
        happens
        and name.endswith("s")
        and not article.named(span[0], span[1])
        and not article.lexicon.terms.role.has(name)
    )


def _without_trail(words: str) -> str:
    """Words less the auxiliaries, adverbs and days at their end."""
    while words[max(words.rfind(" "), words.rfind(",")) + 1 :].lower() in TRAIL:
        m = TRAILING.search(words, max(0, len(words) - LONGEST_TRAIL))
        if m is None:
            break
        words = words[: m.start()]
    return words


def _subject(frame: str, start: int, end: int, article: Article) -> tuple[int, int, int, int] | None:
    """The claimant whose verb follows at `end`: the last noun phrase, over an apposition if there is one."""
    text = frame[start:end]
    if "(" in text:
        text = BRACKETS.sub(lambda m: " " * len(m[0]), text)  # an acronym in brackets is nobody's subject
    if not text.strip():
        return None
    cuts = [0, *(p for m in CHUNKS.finditer(text) for p in (m.start(), m.end())), len(text)]
    chunks = [(cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2)]
    chunks = [(a, b) for a, b in chunks if text[a:b].strip()]
    while len(chunks) > 1 and (
        ASIDE.match(text, chunks[-1][0])
        or AGE.fullmatch(text[slice(*chunks[-1])].strip())
        or _is_whereabouts(text[slice(*chunks[-1])].strip(), start + chunks[-1][0], article)
    ):
        chunks.pop()  # a think tank based in Washington, DC, tweeted
    if not chunks:
        return None
    span = _phrase(text, *chunks[-1])
    if span is None:
        return None
    words = text[span[0] : span[1]]
    role = (span[1], span[1])
    if len(chunks) > 1 and (APPOSED.match(words) or _opens_with_role(words[:40], article.lexicon.terms)):
        prior = _phrase(text, *chunks[-2])
        name = text[slice(*prior)] if prior else ""
        if (
            prior
            and name[0].isupper()
            and len(name.split()) <= 8
            and not LEADING.match(name)
            and not FINITE.search(name)
            and not article.lexicon.terms.event.has(name)
        ) and (PERSON.search(name) or not words.startswith("the ")):
            role, span = span, prior
    elif len(chunks) > 1 and re.match(r"(?:a|an|another|one)\s", text[chunks[-2][0] : chunks[-2][1]], re.I):
        role = chunks[-2]
    if MASK in text[span[0] : span[1]]:
        return None
    words = text[span[0] : span[1]]
    leads = bool(LEADING.match(words)) and len(words.split()) > 4
    tells = article.lexicon.terms.event.has(words) and FINITE_TOO.search(words)
    if (
        (tells and _last_speaker(text, *span, article.lexicon.terms))
        or leads
        or not _can_speak(words, article.lexicon.terms, article, start + span[0], start + span[1])
    ):
        last = _last_speaker(text, *span, article.lexicon.terms)
        if last is not None:
            span = last, span[1]
            role = (span[1], span[1])
        elif leads:
            if words[:1].islower():
                return None
        else:
            verb = FINITE.search(words)  # the ministry defended its ally, saying
            if not verb or not _can_speak(
                head := words[: verb.start()].rstrip(),
                article.lexicon.terms,
                article,
                start + span[0],
                start + span[0] + len(head),
            ):
                return None
            span = span[0], span[0] + len(head)
            role = (span[1], span[1])
    return start + span[0], start + span[1], start + role[0], start + role[1]


def _opens_with_role(words: str, terms: Terms) -> bool:
    roles = terms.role.find(words)
    return bool(roles) and roles[0].start() == 0


def _phrase(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The noun phrase at the end of a chunk, less what leads up to it."""
    chunk = text[start:end]
    at = 0
    for m in CLAUSE.finditer(chunk):
        at = m.end()
    if last := chunk.rfind(MASK) + 1:
        at = max(at, last + (1 if chunk[last : last + 1] in "”\"»'" else 0))
    if opened := OPENERS.match(chunk[at:]):
        at += opened.end()
    trimmed = _without_trail(chunk[at:].rstrip(' ,"'))
    if goes_on := GOES_ON.match(trimmed):
        trimmed = goes_on[1]
    if not trimmed.strip() or trimmed.endswith((" and", " but", " or")):
        return None
    at += len(trimmed) - len(trimmed.lstrip())
    span = start + at, start + at + len(trimmed.strip())
    return span if 0 < span[1] - span[0] <= LONGEST_CLAIMANT else None


def _is_whereabouts(words: str, at: int, article: Article) -> bool:
    """Whether what stands between two commas only says where the place before it is: Washington, DC, or Hasakah, Syria,"""
    return (len(words) == 2 and words.isupper()) or any(
        n.end - n.start >= len(words) and not n.is_metonym
        for n in article.named(at, at + len(words), "place")
    )


def _last_speaker(text: str, start: int, end: int, terms: Terms) -> int | None:
    """Where the last one who can speak begins, in words that are a clause with a speaker at its end, its comma lost:
    "terrorists hit a hospital in Aleppo a source in the militia". None where there is no such end."""
    words = text[start:end]
    if m := SPEAKER.search(words):
        return start + m.start()
    for role in reversed(terms.role.find(words)):
        lead = LEAD.search(words[: role.start()])
        if lead and lead[0] and (lead.start() or role.start() > len(lead[0])):
            after = words[lead.start() :]
            if not FINITE.search(after) and not terms.cue.has(after) and not terms.event.has(after):
                return start + lead.start()
    return None


def _can_speak(words: str, terms: Terms, article: Article, start: int, end: int) -> bool:
    first = words.split()[0].lower() if words else ""
    idle = first in SPEAKS_NOT and not (first == "one" and terms.role.has(words))
    if not words or idle or (LEADING.match(words) and not words[0].isupper()):
        return False
    if words.lower() in PRONOUNS:
        return True
    if words.count(" ") > 15 or FINITE.search(words) or _inside(article.cues, start, end):
        return False
    if _has_verb(words, terms, article, start, end):
        return False
    return bool(
        DETERMINED.match(words) or words[0].isupper() or article.named(start, end) or terms.role.has(words)
    )


def _inside(phrases: Along[Phrase], start: int, end: int) -> list[Phrase]:
    found = phrases.between(start, end)
    return [p for p in found if p.end() <= end] if found else found


def _has_verb(words: str, terms: Terms, article: Article, start: int, end: int) -> bool:
    """Whether a finite verb of an event stands inside: ISIS executed three men is a clause, not a claimant."""
    if not words[0].islower():
        events = [terms.events[m.form] for m in _inside(article.event_words, start, end)]
        if any(e.syntax != "noun" and e.form.endswith("ed") for e in events):
            return True
    return words.count(" ") > 3 and any(
        terms.triggers[m.form].voice == "subject" for m in _inside(article.triggers, start, end)
    )


def _after(frame: str, at: int, end: int) -> tuple[int, int, int, int] | None:
    """The claimant that follows a cue: said X, according to X; and the apposition after it."""
    m = AFTER_NP.match(frame, at, end)
    if not m:
        return None
    words = m[1].rstrip()
    start = m.start(1)
    if len(words) > LONGEST_CLAIMANT or not (
        DETERMINED.match(words) or words[0].isupper() or words.lower() in PRONOUNS or PERSON.search(words)
    ):
        return None
    role = ROLE_AFTER.match(frame, start + len(words), end)
    return (start, start + len(words), *(role.span(1) if role else (start + len(words),) * 2))


def _attribution(
    article: Article,
    span: tuple[int, int, int, int],
    cue: Phrase,
    end: int,
    people: dict[str, str],
    callings: dict[str, str],
    found: list[Attribution],
) -> Attribution:
    said = cue.form
    text, lexicon = article.text, article.lexicon
    name_start, name_end, role_start, role_end = span
    surface, role = text[name_start:name_end], text[role_start:role_end]
    named = article.named(name_start, name_end)
    known = any(n.entity and n.start - name_start < 5 and n.end >= name_end for n in named)
    full, inherited = (surface, None) if known else _fullest(surface, people, found)
    full = ARTICLE.sub("", full)
    spoke = found[-1].cue_end if found else 0
    singular = surface.lower() in ("he", "she")
    person = (
        _person_before(article, cue.start(), name_start) if surface.lower() in PRONOUNS - {"it"} else None
    )
    if person or (
        singular and (person := _subject_before(article, article.sentence_of(cue.start())[0], spoke))
    ):
        full, inherited = (
            person,
            next((a for a in reversed(found[-REMEMBERED:]) if person in a.claimant), None),
        )
    named = named or article.named(role_start, role_end)
    if surface.lower() == "it" and inherited is None and (body := _body_before(article, cue.start())):
        named, full = [body], ARTICLE.sub("", text[body.start : body.end])
    claimant_id, claimant_type = _who(named, surface, role, lexicon)
    if inherited and claimant_id is None:
        claimant_id, claimant_type, role = (
            inherited.claimant_id,
            claimant_type or inherited.claimant_type,
            role or inherited.role,
        )
    if claimant_type is None and (last := LAST_NAME.search(full)):
        claimant_type = callings.get(last[0])
    via = None
    if said in VERBS_OF_TWO:
        via = next(iter(article.named(cue.end(), min(end, cue.end() + 40), "outlet")), None)
    elif said in QUOTING:
        via = next(iter(article.named(max(0, cue.start() - 60), cue.start(), "outlet")), None)
    return Attribution(
        start=min(name_start, cue.start()), end=max(name_end, cue.end()), name_start=name_start, name_end=name_end, claimant=full, claimant_surface=surface, role=role, cue=text[cue.start() : cue.end()], cue_start=cue.start(), cue_end=cue.end(),
        stance="reports" if said == "according to" else lexicon.speech_verbs.get(said, "reports"), claimant_id=claimant_id, claimant_type=claimant_type, via=via,
        is_person=_is_person(article, full, name_start, name_end, person),
    )  # fmt: skip


def _person_before(article: Article, cue: int, at: int) -> str | None:
    """The last person named in the sentence before a pronoun: its leader, Abu Bakr al-Baghdadi, in which he declared."""
    start = article.sentence_of(cue)[0]
    names = [m for m in PERSON.finditer(article.frame, start, at) if not article.named(m.start(), m.end())]
    return names[-1][0] if names else None


def _body_before(article: Article, cue: int) -> Name | None:
    """The force or the body that the sentence before begins with: the army took X; on Monday it said."""
    start, _ = article.sentence_of(cue)
    first, _ = article.sentence_of(max(0, start - 2))
    bodies = [
        m for m in article.named(first, min(start, first + 40)) if m.entity_type in ("force", "organization")
    ]
    return bodies[0] if first < start and bodies and bodies[0].start - first < 5 else None


def _subject_before(article: Article, start: int, after: int) -> str | None:
    """The person that the sentence before begins with, where nobody has spoken since `after`."""
    first, last = article.sentence_of(max(0, start - 2))
    if first >= start or first < after:
        return None
    m = PERSON.search(article.frame, first, min(last, first + 60))
    return m[0] if m and not article.named(m.start(), m.end()) else None


def _callings(frame: str, terms: Terms) -> dict[str, str]:
    """What sort of claimant each person is, by last name, where a noun beside the name says so anywhere in the article: "Turkish
    president Recep Tayyip Erdogan", "Aldar Xelil, a politician who"; the first that says something."""
    found: dict[str, str] = {}
    for role in terms.role.find(frame):
        kind = terms.roles[role.form]
        # his wife Michelle Obama: a relation before a name says little of its bearer
        after = NAME_AFTER.match(frame, role.end()) if kind and kind != "resident" else None
        before = (
            NAME_BEFORE.search(frame, max(0, role.start() - 80), role.start()) if kind and not after else None
        )
        for last in (after and after[1], before and before[1]):
            if last:
                found.setdefault(last, kind)
    return found


def _people(frame: str) -> dict[str, str]:
    """The fullest printed name of each person, by last name: {"Dillon": "Col. Ryan Dillon"}."""
    full: dict[str, str] = {}
    for m in PERSON.finditer(frame):
        name = m[0].removesuffix("'s").removesuffix("’s")
        last = LAST_NAME.search(name)
        if last and len(name) > len(full.get(last[0], "")) and len(name.split()) <= 6:
            full[last[0]] = name
    return full


def _fullest(
    surface: str, people: dict[str, str], found: list[Attribution]
) -> tuple[str, Attribution | None]:
    """(the fullest name of a claimant, an earlier attribution of the same one): by last name; "he" is the last person who
    spoke; "the commander" the last claimant with that word."""
    lower = surface.lower()
    found = found[-REMEMBERED:]
    if lower in PRONOUNS:
        singular = lower in ("he", "she", "who", "i")
        last = next(
            (
                a
                for a in reversed(found)
                if (a.is_person if singular else a.claimant_id if lower == "it" else True)
            ),
            found[-1] if found and not singular else None,
        )
        return (last.claimant, last) if last else (surface, None)
    last_name = LAST_NAME.search(TITLE.sub("", surface))
    if (
        last_name
        and last_name[0][0].isupper()
        and (full := people.get(last_name[0]))
        and _same_name(surface, full)
    ):
        earlier = next((a for a in reversed(found) if full in a.claimant or a.claimant in full), None)
        return (surface if full in surface else full), earlier
    if lower.startswith("the ") and len(lower.split()) <= 3:
        word = lower.split()[-1]
        earlier = next(
            (
                a
                for a in reversed(found)
                if word in a.claimant.lower().split() or word in a.role.lower().split()
            ),
            None,
        )
        if earlier:
            return (earlier.claimant if len(earlier.claimant) > len(surface) else surface), earlier
    return surface, None


def _is_person(article: Article, name: str, start: int, end: int, person: str | None) -> bool:
    """Whether a claimant at text[start:end] can be meant by "he" later: a pronoun or a person's name that is not a known body's,
    or a role in the singular (a commander)."""
    if person or name.lower() in ("he", "she"):
        return True
    named = article.named(start, end)
    if any(
        all(
            m.end() + start <= n.start or n.end <= m.start() + start or m.end() + start > n.end for n in named
        )
        for m in PERSON.finditer(article.text[start:end])
    ):
        return True
    if DETERMINED.match(name):
        return not named and article.lexicon.terms.role.has(name) and not name.endswith("s")
    return name[:1].isupper() and " " in name and not any(n.start - start < 20 for n in named)


def _same_name(surface: str, full: str) -> bool:
    """Whether a full name can be that of a printed one: one of its capitalised words before the last stands in
    it, or there is none (the analyst Dillon)."""
    capitals = [w for w in re.findall(r"[^\W\d_][\w’'-]*", TITLE.sub("", surface)) if w[0].isupper()][:-1]
    return not capitals or any(w in full for w in capitals)


OUTLET_TYPES = {
    "agency": "news_agency",
    "state_media": "state_media",
    "newspaper": "outlet",
    "broadcaster": "outlet",
    "website": "outlet",
}
ORGANIZATION_TYPES = {
    "monitor": "monitor",
    "ngo": "ngo",
    "un": "ngo",
    "government": "official",
    "other": None,
}


def _who(named: list[Name], surface: str, role: str, lexicon: Lexicon) -> tuple[str | None, str | None]:
    """(id, type) of a claimant, from the names in it and its nouns."""
    for m in named:  # the first: a monitor of rebel areas is no rebel
        if m.entity and m.entity_type in ("force", "outlet", "organization"):
            kinds_of = OUTLET_TYPES if m.entity_type == "outlet" else ORGANIZATION_TYPES
            return m.entity.entity_id, "belligerent" if m.entity_type == "force" else kinds_of.get(
                m.entity.kind
            )
    words = f"{surface} {role}"
    kinds = [lexicon.terms.roles[m.form] for m in lexicon.terms.role.find(words)]
    if UNNAMED.search(words):
        return None, "unnamed"
    bare = ARTICLE.sub("", surface)
    place = next(
        (
            m.entity.entity_id
            for m in named
            if m.entity
            and (m.is_metonym or (m.entity.kind == "country" and m.end - m.start == len(bare.rstrip(" ,"))))
        ),
        None,
    )
    return place, next((k for k in kinds if k), "official" if place else None)


ATTRIBUTION = Record(
    ATTRIBUTIONS, alone(find_attributions), lambda _: "attribution", _row, at=attrgetter("cue_start")
)
