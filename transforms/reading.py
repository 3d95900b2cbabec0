"""One article after the marks: put together, its names and records read."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa

from transforms import tables
from transforms.article import Article
from transforms.ids import span_id
from transforms.language.quotation import find_marked
from transforms.language.sentences import find_sentences
from transforms.layout import Assembled, Paragraph, Position, assemble, part_of
from transforms.names.lexicon import Lexicon
from transforms.names.mentions import CONFIDENCE, MENTIONS, Names, find_names
from transforms.names.name import Name
from transforms.names.unknown import UNKNOWN_NAMES
from transforms.parse import Unreadable
from transforms.records import RECORDS, find_records
from transforms.schema import Table
from transforms.spans import is_within
from transforms.staging import Raw, Row, stage_batch

READ: tuple[Table, ...] = (
    tables.DOCUMENTS,
    tables.PARAGRAPHS,
    tables.ARTICLES,
    MENTIONS,
    *(r.table for r in RECORDS),
    UNKNOWN_NAMES,
)
"""What reading a part writes."""


# ------------------------------------------------------------------ read: one article, after the marks
def read_batch(
    staged: Mapping[str, pa.Table], block_marks: pa.Table, article_marks: pa.Table, lexicon: Lexicon
) -> dict[str, pa.Table]:
    """Put marked articles together and read them: the READ tables, by name. Documents without a mark are left out."""
    marks = {row["article_id"]: row for row in article_marks.to_pylist()}
    block_mark = {row["paragraph_id"]: row for row in block_marks.to_pylist()}
    documents = {row["document_id"]: row for row in staged["staged_documents"].to_pylist()}
    blocks: dict[str, list[Row]] = defaultdict(list)
    for row in staged["staged_blocks"].to_pylist():
        blocks[row["document_id"]].append(row)
    rows = {table.name: table.collect() for table in READ}
    for header in sorted(staged["staged_headers"].to_pylist(), key=lambda h: str(h["article_id"])):
        mark = marks.get(header["article_id"])
        if mark is None:
            continue
        document = documents[header["document_id"]]
        own = sorted(blocks[header["document_id"]], key=lambda b: int(b["position"]))
        rows["documents"].add([{**document, "source_uri": mark["source_uri"]}])
        for name, found in _read(header, mark, document, own, block_mark, lexicon):
            rows[name].add(found)
    return {name: collected.table() for name, collected in rows.items()}


def read_one(document: Raw, lexicon: Lexicon, published: date | None = None) -> dict[str, pa.Table]:
    """Read one document by itself: the READ tables, by name. What repeats, and what is a copy, is decided over all documents and
    not here. Raises Unreadable where it cannot be read."""
    staged = stage_batch([document], lexicon)
    for reject in staged["staged_rejects"].to_pylist():
        raise Unreadable(reject["reason"], reject["detail"])
    block_marks = [
        {
            **{name: b[name] for name in ("document_id", "paragraph_id", "drop_reason")},
            "kept": b["drop_reason"] is None,
            "repeat_of": None,
            "documents_with_it": 1,
        }
        for b in staged["staged_blocks"].to_pylist()
    ]
    article_marks = [
        {
            **{name: h[name] for name in ("article_id", "document_id")},
            "source_uri": "",
            "story_id": h["article_id"],
            "is_story_lead": True,
            "published_on": published or h["published_on"],
            "published_on_basis": "record" if published else h["published_on_basis"],
        }
        for h in staged["staged_headers"].to_pylist()
    ]
    return read_batch(
        staged, tables.BLOCK_MARKS.batch(block_marks), tables.ARTICLE_MARKS.batch(article_marks), lexicon
    )


def _read(
    header: Row, mark: Row, document: Row, blocks: list[Row], block_mark: Mapping[str, Row], lexicon: Lexicon
) -> Iterator[tuple[str, Iterable[Row]]]:
    """What one article gives, table by table: each is taken in before the next is made."""
    paragraphs = [
        Paragraph(
            paragraph_id=b["paragraph_id"],
            position=b["position"],
            kind=b["kind"],
            start=b["document_start_char"],
            end=b["document_end_char"],
            text=b["text"],
            shifts=b["shifts"],
            kept=block_mark[b["paragraph_id"]]["kept"],
            dateline_end=b["dateline_end"],
        )
        for b in blocks
    ]
    assembled = assemble(paragraphs)
    reading = assembled.reading
    is_read = header["language"] is None or header["language"] in lexicon.languages
    names = find_names(reading.text, lexicon) if is_read else Names([], [])
    sentences = {s.at: [a for a, _ in find_sentences(s.paragraph.text)] for s in reading.segments}
    quoted = find_marked(reading.text)
    document_text = document["text"]
    placed = [(f, place, part_of(place)) for f in names.found for place in (reading.place(f.start, f.end),)]
    named = tuple(f for f, _, part in placed if part != "dateline")
    article_id, document_id = header["article_id"], header["document_id"]

    def spans(place: Position, start: int, end: int) -> Row:
        return {
            "article_id": article_id,
            "document_id": document_id,
            "paragraph_id": place.paragraph.paragraph_id,
            "surface": reading.text[start:end],
            "document_surface": document_text[place.document_start_char : place.document_end_char],
            "start_char": place.start_char,
            "end_char": place.end_char,
            "document_start_char": place.document_start_char,
            "document_end_char": place.document_end_char,
        }

    def standing(start: int, end: int) -> tuple[Row, str]:
        place = reading.place(start, end)
        return spans(place, start, end), part_of(place)

    yield "articles", [_article(header, mark, assembled, _dateline(placed))]
    yield "paragraphs", [_paragraph(b, article_id, block_mark[b["paragraph_id"]], assembled) for b in blocks]
    yield "unknown_names", (_unknown(standing(start, end)[0]) for start, end in names.unknown)
    mentions = (
        {
            "mention_id": span_id(
                document_id, place.document_start_char, place.document_end_char, f.entity_type, "mention"
            ),
            **spans(place, f.start, f.end),
            **_decision(f),
            "part": part,
            "in_quote": is_within(quoted, f.start, f.end),
            "sentence_position": max(0, bisect_right(sentences[f.start - place.start], place.start) - 1),
        }
        for f, place, part in placed
    )
    yield "mentions", mentions
    del placed, mentions  # a long document's fill half a gigabyte
    told = [s for s in reading.segments if s.paragraph.kind not in ("tags", "dateline")]
    if not told or not is_read:
        return
    bounds = tuple((s.at, s.at + len(s.paragraph.text)) for s in told)
    title = next((b for b, s in zip(bounds, told, strict=True) if s.paragraph.kind == "title"), None)
    yield from find_records(
        Article(reading.text, bounds, named, title, mark["published_on"], lexicon), standing
    )


def _dateline(placed: Sequence[tuple[Name, Position, str]]) -> str | None:
    """The place that an article's dateline names."""
    return next(
        (
            f.entity.entity_id
            for f, _, part in placed
            if part == "dateline" and f.entity_type == "place" and f.entity
        ),
        None,
    )


def _decision(f: Name) -> Row:
    ids = list(dict.fromkeys([c.entity_id for c in f.candidates if c.entity_id]))
    return {
        "entity_type": f.entity_type,
        "entity_id": f.entity.entity_id if f.entity else None,
        "candidate_ids": ids,
        "candidate_ids_text": " ".join(ids),
        "resolution": f.resolution,
        "confidence": CONFIDENCE[f.resolution],
        "geo_precision": f.geo_precision,
        "is_metonym": f.is_metonym,
        "is_attribution": f.is_attribution,
    }


def _unknown(spans: Row) -> Row:
    where = (spans["document_id"], spans["document_start_char"], spans["document_end_char"])
    return {"unknown_name_id": span_id(*where, "unknown"), **spans}


def _article(header: Row, mark: Row, assembled: Assembled, dateline_place_id: str | None) -> Row:
    staged_only = ("published_on_other", "date_order")
    return {
        **{k: v for k, v in header.items() if k not in staged_only},
        "published_on": mark["published_on"],
        "published_on_basis": mark["published_on_basis"],
        "dateline_place_id": dateline_place_id,
        "text": assembled.text,
        "caption_text": assembled.caption_text,
        "word_count": len(assembled.text.split()),
        "story_id": mark["story_id"],
        "is_story_lead": mark["is_story_lead"],
    }


def _paragraph(block: Row, article_id: str, mark: Row, assembled: Assembled) -> Row:
    start = assembled.starts.get(block["paragraph_id"])
    return {
        **{
            k: block[k]
            for k in (
                "paragraph_id",
                "document_id",
                "position",
                "kind",
                "document_start_char",
                "document_end_char",
                "text",
                "cleaners",
                "shifts",
            )
        },
        "article_id": article_id,
        "cleaners_text": " ".join(block["cleaners"]),
        "start_char": start,
        "end_char": None if start is None else start + len(block["text"]),
        **{k: mark[k] for k in ("kept", "drop_reason", "repeat_of", "documents_with_it")},
    }
