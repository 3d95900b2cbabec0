"""One document by itself: parsed, cleaned, judged, signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from transforms import tables
from transforms.ids import article_id_of, span_id
from transforms.names.lexicon import Lexicon
from transforms.page.clean import Cleaned, clean, clean_markdown
from transforms.page.header import read_header
from transforms.page.piece import TEXT_KINDS, Header, Piece
from transforms.page.prints import sign
from transforms.parse import Parsed, Unreadable, parse
from transforms.parse.block import well_formed
from transforms.parse.columns import other_columns, parse_record
from transforms.schema import Table

STAGED: tuple[Table, ...] = (
    tables.STAGED_DOCUMENTS,
    tables.STAGED_BLOCKS,
    tables.STAGED_PRINTS,
    tables.STAGED_HEADERS,
    tables.STAGED_REJECTS,
)
"""What staging a part writes."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Raw:
    """A document as found: its id, its name's ending (with the dot), its bytes; for a record of a container its columns
    (`fields`, None for a page or a text), what the container says of it (`facts`), its key there, which of its
    columns the user named (`mapping`), and a hash of all that is said of it beside its bytes."""

    document_id: str
    suffix: str
    raw: bytes
    fields: Mapping[str, str] | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    external_id: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    facts_hash: str = ""


# ------------------------------------------------------------------ stage: one document by itself
def stage_batch(documents: Iterable[Raw], lexicon: Lexicon) -> dict[str, pa.Table]:
    """Parse, clean and judge documents, each by itself: the STAGED tables, by name."""
    rows = {table.name: table.collect() for table in STAGED}
    for document in documents:
        try:
            staged = _stage(document, _parsed(document, lexicon), lexicon)
        except Unreadable as error:
            rows["staged_rejects"].add([_reject(document, error.reason, error.detail)])
        except RecursionError:
            rows["staged_rejects"].add([_reject(document, "too_deep", "nested too deep to read")])
        except (
            Exception
        ) as error:  # a fault of ours must cost this document only; the reject says which fault
            rows["staged_rejects"].add(
                [_reject(document, "failed", f"{type(error).__name__}: {error}"[:300])]
            )
        else:
            for name, found in staged.items():
                rows[name].add(found)
    return {name: collected.table() for name, collected in rows.items()}


def _parsed(document: Raw, lexicon: Lexicon) -> Parsed:
    if document.fields is not None:
        return parse_record(document.fields, lexicon.columns.with_own(document.mapping))
    parsed = parse(document.raw, document.suffix, document.facts.get("charset"))
    said = {name: value for name, value in document.facts.items() if name != "charset"}
    return replace(parsed, facts={**parsed.facts, **said})


def _reject(document: Raw, reason: str, detail: str) -> Row:
    return {
        "document_id": document.document_id,
        "reason": reason,
        "detail": well_formed(detail),
        "facts_hash": document.facts_hash,
    }


def _stage(document: Raw, parsed: Parsed, lexicon: Lexicon) -> dict[str, list[Row]]:
    own = (clean_markdown,) if parsed.media_type == "text/markdown" else ()
    cleaned = [clean(parsed.text[b.start : b.end], own) for b in parsed.blocks]
    pieces = [Piece(c.text, b.hint) for c, b in zip(cleaned, parsed.blocks, strict=True)]
    header = read_header(pieces, parsed.facts, lexicon.known)
    blocks = [
        _block(document.document_id, i, block.start, block.end, piece, done)
        for i, (block, piece, done) in enumerate(zip(parsed.blocks, pieces, cleaned, strict=True))
    ]
    return {
        "staged_documents": [
            {
                "document_id": document.document_id,
                "media_type": parsed.media_type,
                "encoding": parsed.encoding,
                "encoding_basis": parsed.encoding_basis,
                "byte_length": len(document.raw),
                "text": well_formed(parsed.text),
                "external_id": document.external_id,
                "record_metadata": other_columns(document.fields, lexicon.columns.with_own(document.mapping))
                if document.fields
                else None,
                "facts_hash": document.facts_hash,
            }
        ],
        "staged_blocks": [block for block, _ in blocks],
        "staged_prints": [
            prints for block, prints in blocks if block["kind"] in TEXT_KINDS and block["signature"]
        ],
        "staged_headers": [_header(document.document_id, header)],
    }


def _block(
    document_id: str, position: int, start: int, end: int, piece: Piece, cleaned: Cleaned
) -> tuple[Row, Row]:
    """(the block's row, its fingerprints')."""
    signatures, prints = sign(piece.text[piece.dateline_end or 0 :])
    named = {"document_id": document_id, "paragraph_id": span_id(document_id, start, end, "paragraph")}
    block = {
        **named,
        "position": position,
        "kind": piece.kind,
        "document_start_char": start,
        "document_end_char": end,
        "text": piece.text,
        "shifts": cleaned.shifts,
        "cleaners": cleaned.fired,
        **vars(signatures),
        "dateline_end": piece.dateline_end,
        "drop_reason": _drop_reason(piece),
    }
    return block, {**named, **vars(prints)}


METADATA = ("date", "byline", "dateline", "outlet", "tags", "credit")


def _drop_reason(piece: Piece) -> str | None:
    """Why a block does not count, by what it is alone."""
    if not piece.text:
        return "empty"
    if piece.kind in METADATA:
        return "metadata"
    if piece.kind == "navigation":
        return "navigation"
    return None if piece.kind in TEXT_KINDS or piece.kind in ("title", "caption") else "furniture"


def _header(document_id: str, header: Header) -> Row:
    return {
        "article_id": article_id_of(document_id),
        "document_id": document_id,
        "title": header.title,
        "byline": header.byline,
        "outlet_id": header.outlet_id,
        "origin_outlet_id": header.origin_outlet_id,
        "outlet_basis": header.outlet_basis,
        "language": header.language,
        "url": header.url,
        "published_on": header.published_on,
        "published_on_basis": header.published_on_basis,
        "published_on_other": header.published_on_other,
        "date_order": header.date_order,
    }
