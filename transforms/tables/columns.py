"""Columns that several tables share."""

from __future__ import annotations

from dataclasses import replace

from transforms.schema import Column

KINDS = (
    "title", "date", "byline", "dateline", "outlet", "tags", "caption", "credit", "body", "crosshead", "standfirst",
    "furniture", "comment_policy", "related", "share", "navigation", "advertisement", "copyright", "unknown",
)  # fmt: skip
DROP_REASONS = (
    "metadata",
    "furniture",
    "repeated_in_article",
    "repeated_across_outlet",
    "navigation",
    "empty",
)
DOCUMENT_ID = Column(
    "document_id", "string", "First 32 hex digits of SHA-256 of the document's raw bytes.", null=False
)
SOURCE_URI = Column(
    "source_uri",
    "string",
    "Where it was read: an absolute path, with !member#record inside containers.",
    null=False,
)
IN_DOCUMENT = replace(DOCUMENT_ID, links=("documents",))
ARTICLE_ID = Column("article_id", "string", "The article it belongs to.", null=False)
IN_ARTICLE = replace(ARTICLE_ID, links=("articles",))
PARAGRAPH_ID = Column("paragraph_id", "string", "Hash of document, place and words.", null=False)
START = Column("document_start_char", "int32", "First character in documents.text (0-based).", null=False)
END = Column("document_end_char", "int32", "One past the last character in documents.text.", null=False)
KIND = Column("kind", "string", "What the block is on its page.", values=KINDS, null=False)
KEPT = Column(
    "kept", "boolean", "Whether it counts: names are read in kept paragraphs, datelines and tags.", null=False
)
DROP = Column("drop_reason", "string", "Why it does not count; null where it does.", values=DROP_REASONS)
REPEAT = Column(
    "repeat_of",
    "string",
    "paragraph_id of the first occurrence, for a block that repeats.",
    links=("paragraphs",),
)
WITH_IT = Column(
    "documents_with_it", "int32", "In how many documents the same words stand as a block.", null=False
)
PUBLISHED = Column(
    "published_on",
    "date32",
    "Day of publication as the document gives it; null where it gives none or it can be read two ways.",
    measured=True,
)
PUBLISHED_BASIS = Column("published_on_basis", "string",
    "How the date is known: record (a column of an export), metadata, page (found by htmldate), header_line, dateline or leading_text, and after a colon what decided the "
    "order of day and month (weekday, other_date, outlet_habit, body_weekday, seen_habit, seen_in_export); `:ambiguous` where nothing did.")  # fmt: skip
HEADER = (
    Column("title", "string", "The headline, or null.", measured=True),
    Column("byline", "string", "Who is named as the writer, as printed."),
    Column("outlet_id", "string", "The outlet that published this page; null where nothing shows it.", links=("outlets",), measured=True),
    Column("origin_outlet_id", "string", "The outlet that wrote it: a credited agency or source, else the publisher.", links=("outlets",)),
    Column("outlet_basis", "string", "How the publisher is known.",
           values=("url", "metadata", "masthead", "title", "furniture", "fingerprint", "agency_line")),
    Column("language", "string", "ISO 639-1 code the page states, or en by its function words; null where unsure."),
    Column("url", "string", "The page's own address, where it gives one."),
)  # fmt: skip
_TEXT = Column(
    "text",
    "string",
    "The document's text: for text the decoded bytes less a byte order mark, for a page its visible text, furniture included.",
    null=False,
)
FACTS_HASH = Column(
    "facts_hash",
    "string",
    "Hash of what its source says of it beside its bytes: the name's ending; for a record of a container its columns, address, key and --map.",
)
DOCUMENT_FACTS = (
    Column("media_type", "string", "What it was read as.", values=("text/plain", "text/markdown", "text/html", "multipart/related"), null=False),
    Column("encoding", "string", "The encoding it was read in, by Python's name.", null=False),
    Column("encoding_basis", "string", "How the encoding is known; damaged = UTF-8 with broken places, each now U+FFFD.",
           values=("bom", "declared", "valid", "damaged", "detected"), null=False),
    Column("byte_length", "int64", "Raw bytes.", null=False),
    _TEXT,
    Column("external_id", "string", "A record's own key in the export it came from; null for files."),
    Column("record_metadata", "string", "A record's other columns as JSON; null for files."),
    FACTS_HASH,
)  # fmt: skip
