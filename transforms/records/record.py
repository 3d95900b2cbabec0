"""The records of one article: figures, attributions, quotes and events, linked to one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from transforms.article import Along, Article
from transforms.ids import stable_id
from transforms.names.name import Name
from transforms.records.attributions import ATTRIBUTIONS, Attribution, find_attributions
from transforms.records.events import EVENTS, Event, find_events
from transforms.records.figures import FIGURES, Figure, find_figures
from transforms.records.quotes import QUOTES, Quote, find_quotes

RECORDS = (FIGURES, ATTRIBUTIONS, QUOTES, EVENTS)
Row = dict[str, Any]
Spans = Callable[[int, int], tuple[Row, str]]
"""From a span of the reading text to the columns that say where it stands, its article and document among them, and its part."""

LETHAL = {"killed", "injured", "casualties", "captured", "arrested", "displaced", "missing", "besieged"}


def find_records(article: Article, spans: Spans) -> Iterator[tuple[str, Iterable[Row]]]:
    """The rows of RECORDS, table by table; each is made as it is taken in."""
    attributions = find_attributions(article)
    events = find_events(article, attributions)

    def where(thing: Attribution | Quote | Event) -> Row:
        return spans(thing.start, thing.end)[0]

    attribution_ids = {id(a): _id(where(a), "attribution") for a in attributions}
    event_ids = [_id(where(e), e.event_type) for e in events]

    def said_by(at: Attribution | None) -> str | None:
        return None if at is None else attribution_ids[id(at)]

    def sentence(at: int) -> str:
        a, b = article.sentence_of(at)
        return article.text[a:b]

    clauses = Along(attributions, lambda a: a.cue_start)
    told = Along(range(len(events)), lambda i: events[i].start)

    def figures() -> Iterator[Row]:
        for f in find_figures(article):
            row, part = spans(f.start, f.end)
            if part not in ("title", "caption", "body"):
                continue
            row["part"] = part
            inside = article.sentence_of(f.start)
            by = min(clauses.between(*inside), key=lambda a: abs(a.cue_start - f.at), default=None)
            near = [(abs(events[i].start - f.at), i) for i in told.between(*inside)] if f.measure in LETHAL else []
            yield _figure(f, row, said_by(by), event_ids[min(near)[1]] if near else None, sentence(f.start))

    yield "figures", _once(figures(), "figure_id")
    yield "attributions", _once((_attribution(a, where(a), sentence(a.cue_start)) for a in attributions), "attribution_id")
    yield "quotes", _once((_quote(q, where(q), article, said_by(q.by)) for q in find_quotes(article, attributions)), "quote_id")
    yield "events", _once((_event(e, where(e), article, said_by(e.by), sentence(e.start)) for e in events), "event_id")


def _once(rows: Iterable[Row], key: str) -> Iterator[Row]:
    """The first row of each key."""
    seen: set[str] = set()
    for row in rows:
        if row[key] not in seen:
            seen.add(row[key])
            yield row


def _id(row: Mapping[str, Any], kind: str) -> str:
    return stable_id(row["document_id"], row["document_start_char"], row["document_end_char"], kind)


def _named(found: Name | None) -> str | None:
    return found.entity.entity_id if found and found.entity else None


def _figure(f: Figure, row: Row, attribution_id: str | None, event_id: str | None, sentence: str) -> Row:
    return {
        "figure_id": _id(row, f"figure {f.measure}"), **row, "measure": f.measure, "low": f.low, "high": f.high, "best": f.best, "bound": f.bound,
        "unit": f.unit, "vague_word": f.vague_word, "force_id": _named(f.force), "victim_group": f.victim_group, "place_id": _named(f.place),
        "attribution_id": attribution_id, "event_id": event_id, "sentence": sentence,
    }  # fmt: skip


def _attribution(a: Attribution, row: Row, sentence: str) -> Row:
    return {
        "attribution_id": _id(row, "attribution"), **row, "claimant": a.claimant, "claimant_surface": a.claimant_surface,
        "claimant_id": a.claimant_id, "claimant_type": a.claimant_type, "via_outlet_id": _named(a.via), "cue": a.cue, "stance": a.stance, "sentence": sentence,
    }  # fmt: skip


def _quote(q: Quote, row: Row, article: Article, attribution_id: str | None) -> Row:
    by = q.by
    return {
        "quote_id": _id(row, "quote"), **row, "quote": article.text[q.start : q.end], "kind": q.kind,
        "speaker_surface": by.claimant_surface if by else None, "speaker": by.claimant if by else None, "speaker_role": (by.role or None) if by else None,
        "speaker_id": by.claimant_id if by else None, "told_to_outlet_id": _named(by.via) if by else None, "cue": by.cue if by else None,
        "attribution_id": attribution_id,
    }  # fmt: skip


def _event(e: Event, row: Row, article: Article, attribution_id: str | None, sentence: str) -> Row:
    actors, targets = ([i for f in side if (i := _named(f))] for side in (e.actors, e.targets))
    time = e.time
    return {
        "event_id": _id(row, e.event_type), **row, "event_type": e.event_type, "plover_event": e.term.plover_event or None,
        "plover_mode": e.term.plover_mode or None, "ucdp_type_of_violence": e.ucdp, "actor_ids": actors, "actor_id": actors[0] if actors else None,
        "target_ids": targets, "target_id": targets[0] if targets else None, "place_id": _named(e.place), "geo_precision": e.place.geo_precision if e.place else None,
        "date_start": time.first if time else None, "date_end": time.last if time else None, "date_precision": time.precision if time else "unknown",
        "date_basis": time.basis if time else None, "date_text": article.text[time.start : time.end] if time else None, "status": e.status,
        "attribution_id": attribution_id, "trigger": article.text[e.start : e.end], "sentence": sentence, "event_key": e.key,
    }  # fmt: skip
