"""Direct and partial quotations, and who said them."""

from __future__ import annotations

import re
from typing import NamedTuple

from transforms.article import Along, Article
from transforms.names.name import id_of
from transforms.records.attributions import ATTRIBUTION, Attribution
from transforms.records.record import Record, Records, Row
from transforms.schema import ARTICLE_ID, ENTITIES, SPANS, Column, Table

QUOTES = Table(
    "quotes",
    "One quotation.",
    ("quote_id",),
    (
        Column("quote_id", "string", "Hash of document and span.", null=False),
        ARTICLE_ID,
        *SPANS,
        Column("quote", "string", "The quoted words, without the marks.", null=False),
        Column("kind", "string", "direct = a sentence or more; partial = words inside the writer's own sentence.", values=("direct", "partial"), null=False),
        Column("speaker_surface", "string", "As printed beside it: he, the commander."),
        Column("speaker", "string", "The fullest name the article gives for that person or body.", measured=True),
        Column("speaker_role", "string", "What the article calls the speaker."),
        Column("speaker_id", "string", "Whom the speaker speaks for: force_id, outlet_id or organization_id.", links=ENTITIES),
        Column("told_to_outlet_id", "string", "The outlet it was said to.", links=("outlets",)),
        Column("cue", "string", "The words of saying."),
        Column("attribution_id", "string", "The clause that reports it.", links=("attributions",)),
    ),
)  # fmt: skip

SCARE = 3  # words; so few that no verb of saying stands right beside are the writer's distance, not speech
WHOLE = 8  # words; so many from a capital on are a sentence, whatever became of its full stop
CLAUSE_REACH = 320  # characters between a quotation and the clause that reports it
ENDS = re.compile(r"[.!?,…][’']?$")


_NAME = r"[A-Z][\w’'-]{1,40}(?:\s(?:al-|bin\s|abu\s)?[A-Z][\w’'-]{1,40}){1,4}"
SIGNED = re.compile(rf"[”\"’']{{0,2}}\s{{0,2}}[—–]\s?({_NAME})(?=[,.;\n]|\s*$)")
HEADED = re.compile(rf"(?:^|[.\n]\s{{0,2}})From\s({_NAME}):\s{{0,3}}[“\"‘']?$")
LONGEST_HEAD = 160  # characters of "From Name:" before a quotation


class Quote(NamedTuple):
    """A quotation at text[start:end], marks left out, and the clause that reports it (None where nothing does)."""

    start: int
    end: int
    kind: str
    by: Attribution | None
    signed: str | None = None
    """Whose name stands beside it where no clause reports it: “...” — Name; From Name: “...”"""


def _row(q: Quote, records: Records) -> Row:
    by = q.by
    return {
        "quote": records.article.text[q.start : q.end], "kind": q.kind, "speaker_surface": by.claimant_surface if by else q.signed,
        "speaker": by.claimant if by else q.signed, "speaker_role": (by.role or None) if by else None,
        "speaker_id": by.claimant_id if by else None, "told_to_outlet_id": id_of(by.via) if by else None,
        "cue": by.cue if by else None, "attribution_id": records.id_of(ATTRIBUTION, by),
    }  # fmt: skip


def find_quotes(article: Article, attributions: list[Attribution]) -> list[Quote]:
    """The quotations of an article, in order, each given to the clause beside it: after it first, then before it, then
    the one that reports the quotation it goes on from. Scare quotes are left out."""
    found: list[Quote] = []
    spans = article.quoted
    clauses = Along(attributions, lambda a: a.cue_start)
    for i, (start, end) in enumerate(spans):
        words = article.text[start:end].split()
        paragraph = article.paragraph_of(start)
        before = spans[i - 1][1] if i and spans[i - 1][1] > paragraph[0] else paragraph[0]
        after = spans[i + 1][0] if i + 1 < len(spans) and spans[i + 1][0] < paragraph[1] else paragraph[1]
        by, gap = _reported(article, clauses, start, end, before, after, paragraph)
        if (len(words) <= SCARE and (by is None or gap > 3 or by.cue.endswith("ing"))) or (
            gap > 3 and _is_name(words)
        ):
            continue
        if by is None:
            by = _goes_on(article, found, paragraph, start, clauses)
        text = article.text[start:end].strip()
        is_sentence = text[0].isupper() and (
            len(words) >= WHOLE or (len(words) > 3 and (bool(ENDS.search(text)) or end + 1 >= paragraph[1]))
        )
        if by is None and not is_sentence and len(words) < WHOLE:
            continue
        signed = _signed(article.text, start, end)
        found.append(
            Quote(start, end, "direct" if is_sentence else "partial", None if signed else by, signed)
        )
    return found


def _signed(text: str, start: int, end: int) -> str | None:
    """The name that a quotation is signed with, or that it is headed by."""
    if after := SIGNED.match(text, end):
        return after[1]
    before = HEADED.search(text, max(0, start - LONGEST_HEAD), start)
    return before[1] if before else None


def _is_name(words: list[str]) -> bool:
    """Whether quoted words are a name or a title: every longer one has a capital, and no sentence ends."""
    longer = [w for w in words if len(w) > 3]
    return (
        len(words) <= 12
        and not ENDS.search(words[-1])
        and bool(longer)
        and all(w.lstrip("'‘(-").istitle() or w.isupper() for w in longer)
    )


def _reported(
    article: Article,
    clauses: Along[Attribution],
    start: int,
    end: int,
    before: int,
    after: int,
    paragraph: tuple[int, int],
) -> tuple[Attribution | None, int]:
    """(the clause of reporting nearest to a quotation, characters between them)."""
    best: tuple[int, int, Attribution] | None = None
    nearest = CLAUSE_REACH
    for a in clauses.between(
        max(paragraph[0], start - 2 * CLAUSE_REACH), min(paragraph[1], end + 2 * CLAUSE_REACH)
    ):
        if end <= a.start:
            gap, side = a.start - end, 0
            if gap > nearest:
                continue
            if a.start >= after and article.sentence_of(a.start) != article.sentence_of(end):
                gap += 80
            if re.search(r"[.!?][”\"’']*\s", article.text[end - 1 : a.start]):
                gap += 150  # the next sentence may speak of something else
        elif a.end <= start:
            gap, side = start - a.end, 1
            if gap > nearest:
                continue
            if a.end <= before and before != paragraph[0]:
                gap += 20
            if re.search(r"[.!?][”\"’']*\s", article.text[a.end : start]):
                gap += 60
        else:
            gap, side = 0, 0  # the quotation stands inside the clause: X, who called it "a mess", said
        if gap <= CLAUSE_REACH and (best is None or (gap, side) < best[:2]):
            best = (gap, side, a)
            nearest = gap
    return (best[2], best[0]) if best else (None, CLAUSE_REACH)


def _goes_on(
    article: Article, found: list[Quote], paragraph: tuple[int, int], start: int, clauses: Along[Attribution]
) -> Attribution | None:
    """The clause that reports the quotation before, where this one opens its paragraph; else the last clause of the
    paragraph before, where that ends in a colon."""
    if article.text[paragraph[0] : start].strip(" “\"«„`'") or not found:
        prior = [
            a
            for a in clauses.between(paragraph[0] - CLAUSE_REACH, start)
            if a.end <= start and paragraph[0] - a.end < 4
        ]
        return (
            prior[-1]
            if prior and article.text[max(0, paragraph[0] - 8) : paragraph[0]].rstrip().endswith(":")
            else None
        )
    last = found[-1]
    return last.by if paragraph[0] - article.paragraph_of(last.start)[1] <= 4 else None


QUOTE = Record(QUOTES, lambda r: find_quotes(r.article, r.of(ATTRIBUTION)), lambda _: "quote", _row)
