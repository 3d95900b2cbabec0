"""What of a part's rows still stands when its marks or the lexicon change: which documents must be read anew, and the rest as it was
read, under its new marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick_rs
import pyarrow as pa
import pyarrow.compute as pc

from transforms.language.spelling import fold, sound_key
from transforms.names.build import expanded
from transforms.schema import Table

UNDER_MARKS = {
    "documents": ("document_id", ("source_uri",)),
    "articles": ("article_id", ("published_on", "published_on_basis", "story_id", "is_story_lead")),
    "paragraphs": ("paragraph_id", ("kept", "drop_reason", "repeat_of", "documents_with_it")),
}
"""The columns that marks alone decide, by table, with the key they are found by."""

Read = Mapping[str, pa.Table]
Column = Any  # a pyarrow.ChunkedArray


@dataclass(frozen=True)
class ChangedNames:
    """What a change of names can touch: texts that hold one of these words (folded), names with one of these sounds."""

    words: tuple[str, ...] = ()
    sounds: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words)


# ------------------------------------------------------------------ the lexicon
def changed_names(before: Read, after: Read) -> ChangedNames:
    """What differs between the names of two lexicons, each as its entity tables and aliases, by table."""
    entities = ("forces", "places", "outlets", "organizations")
    moved: set[str] = set()
    for name in entities:
        rows = [{tuple(r.values()) for r in tables[name].to_pylist()} for tables in (before, after)]
        moved |= {str(r[0]) for r in rows[0] ^ rows[1]}
    aliases = [
        {tuple(sorted(r.items())): r for r in tables["aliases"].to_pylist()} for tables in (before, after)
    ]
    changed = [
        r for a, b in (aliases, aliases[::-1]) for k, r in a.items() if k not in b or r["entity_id"] in moved
    ]
    if not changed:
        return ChangedNames()
    texts = {text for r in changed for text in expanded(r["alias"])}
    # a lone word that is part of known names is no unknown name: a word that comes or goes with the change counts
    common = [_words(a.values()) for a in aliases]
    words = {fold(t) for t in texts} | (common[0] ^ common[1])
    if any(r["entity_type"] == "place" for r in changed):
        words.add("the same name")
    return ChangedNames(tuple(sorted(words)), frozenset(filter(None, map(sound_key, texts))))


def _words(aliases: Iterable[Mapping[str, str]]) -> set[str]:
    return {
        w
        for r in aliases
        if r["entity_type"] in ("force", "organization")
        for text in expanded(r["alias"])
        for w in fold(text).split()
    }


def touched(read: Read, blocks: pa.Table, changed: ChangedNames) -> set[str]:
    """The documents that a change of names can touch: `blocks` are their staged blocks."""
    search = ahocorasick_rs.AhoCorasick(changed.words)
    texts: dict[str, list[str]] = {}
    for document_id, text in _pairs(blocks, "text"):
        texts.setdefault(document_id, []).append(text)
    found = {d for d, t in texts.items() if search.find_matches_as_indexes(fold("\n".join(t)))}
    for name in ("unknown_names", "mentions"):
        table = read[name]
        if name == "mentions":
            table = table.filter(pc.is_in(table["resolution"], pa.array(["transliteration", "ambiguous"])))
        for document_id, surface in _pairs(table, "surface"):
            if document_id not in found and sound_key(surface) in changed.sounds:
                found.add(document_id)
    return found


def _pairs(table: pa.Table, column: str) -> Iterator[tuple[str, str]]:
    ids: list[Any] = table["document_id"].to_pylist()
    return zip(ids, table[column].to_pylist(), strict=True)  # type: ignore[arg-type]


# ------------------------------------------------------------------ the marks
AS_STAGED = (
    ("staged_documents", "documents", "document_id", ("facts_hash",)),
    (
        "staged_headers",
        "articles",
        "article_id",
        ("title", "byline", "outlet_id", "origin_outlet_id", "outlet_basis", "language", "url"),
    ),
    ("staged_blocks", "paragraphs", "paragraph_id", ("kind",)),
)
"""What of a staged table must be as a read one has it, for rows to stand: (staged, read, key, columns)."""


def unread(read: Read, staged: Read, block_marks: pa.Table, article_marks: pa.Table) -> set[str]:
    """The marked documents whose rows cannot stand: never read, staged otherwise since (under other facts, as another outlet's),
    another choice of paragraphs, another day of publication."""
    articles, paragraphs = read["articles"], read["paragraphs"]
    known = article_marks.filter(
        pc.is_in(article_marks["article_id"], articles["article_id"].combine_chunks())
    )
    wanted: set[Any] = set(article_marks["document_id"].to_pylist())
    new: set[Any] = wanted - set(known["document_id"].to_pylist())
    day = _looked_up(known["article_id"], articles["article_id"], articles["published_on"])
    new |= set(known.filter(pc.invert(_same(day, known["published_on"])))["document_id"].to_pylist())
    kept = _looked_up(block_marks["paragraph_id"], paragraphs["paragraph_id"], paragraphs["kept"])
    new |= set(block_marks.filter(pc.invert(_same(kept, block_marks["kept"])))["document_id"].to_pylist())
    for name, table, key, columns in AS_STAGED:
        for column in columns:
            stood = _looked_up(staged[name][key], read[table][key], read[table][column])
            moved = staged[name].filter(pc.invert(_same(stood, staged[name][column])))
            new |= wanted & set(moved["document_id"].to_pylist())
    return new


def _looked_up(keys: Column, among: Column, values: Column) -> Column:
    return values.take(pc.index_in(keys, among.combine_chunks()))


def _same(a: Column, b: Column) -> Column:
    """Row by row, null equal to null."""
    same: Column = pc.fill_null(pc.equal(a, b), False)  # type: ignore[type-var]
    neither: Column = pc.and_(pc.is_null(a), pc.is_null(b))
    return pc.or_(same, neither)


def without(read: Read, documents: Iterable[str]) -> dict[str, pa.Table]:
    """The rows of every document but these."""
    gone = pa.array(sorted(documents), pa.string())
    return {
        name: table.filter(pc.invert(pc.is_in(table["document_id"], gone))) for name, table in read.items()
    }


def under_marks(read: Read, block_marks: pa.Table, article_marks: pa.Table) -> dict[str, pa.Table]:
    """The rows of the marked documents, with what marks decide as the new marks say."""
    wanted = article_marks["document_id"].combine_chunks()
    out = {}
    for name, table in read.items():
        table = table.filter(pc.is_in(table["document_id"], wanted))
        if name in UNDER_MARKS:
            key, columns = UNDER_MARKS[name]
            marks = block_marks if name == "paragraphs" else article_marks
            at = pc.index_in(table[key], marks[key].combine_chunks())
            for column in columns:
                place = table.schema.get_field_index(column)
                if not _same(table[column], taken := marks[column].take(at)).equals(_true(len(table))):
                    table = table.set_column(place, table.schema.field(place), taken)
        out[name] = table
    return out


def _true(n: int) -> Column:
    return pa.chunked_array([pa.repeat(pa.scalar(True), n)])


def together(parts: Sequence[Read], tables: Iterable[Table]) -> dict[str, pa.Table]:
    """The rows of several readings as one reading of all would give them: by article, within each as they were."""
    out = {t.name: pa.concat_tables([p[t.name] for p in parts]) for t in tables}
    if "articles" in out:
        articles = out["articles"] = out["articles"].sort_by("article_id")
        order = pc.index_in(out["documents"]["document_id"], articles["document_id"].combine_chunks())
        out["documents"] = out["documents"].take(pc.sort_indices(order))
    for name, table in out.items():
        if name not in ("articles", "documents"):
            out[name] = table.take(pc.sort_indices(table["article_id"]))
    return {t.name: t.check(out[t.name].combine_chunks().cast(t.schema)) for t in tables}
