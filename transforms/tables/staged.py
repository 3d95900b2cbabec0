"""Tables between the steps of a run, never published."""

from __future__ import annotations

from transforms.schema import Column, Table
from transforms.tables.columns import (
    ARTICLE_ID,
    DOCUMENT_FACTS,
    DOCUMENT_ID,
    DROP,
    DROP_REASONS,
    END,
    FACTS_HASH,
    HEADER,
    KEPT,
    KIND,
    PARAGRAPH_ID,
    PUBLISHED,
    PUBLISHED_BASIS,
    REPEAT,
    SOURCE_URI,
    START,
    WITH_IT,
)

# ------------------------------------------------------------------ staged: between the steps of a run
STAGED_DOCUMENTS = Table(
    "staged_documents", "One document read.", ("document_id",), (DOCUMENT_ID, *DOCUMENT_FACTS), "staged"
)
STAGED_BLOCKS = Table(
    "staged_blocks",
    "One block of a document, judged by itself.",
    ("paragraph_id",),
    (
        DOCUMENT_ID,
        PARAGRAPH_ID,
        Column("position", "int32", "Its place among the document's blocks, from 0.", null=False),
        KIND,
        START,
        END,
        Column("text", "string", "The block after cleaning.", null=False),
        Column(
            "shifts",
            "list<int32>",
            "The way back to raw offsets, see transforms.page.clean.Cleaned.",
            null=False,
        ),
        Column("cleaners", "list<string>", "The cleaners that changed it.", null=False),
        Column(
            "signature", "string", "Hash of its words less a dateline; empty where it has none.", null=False
        ),
        Column("form_signature", "string", "As signature, with numbers read as 0.", null=False),
        Column(
            "opening_signature",
            "string",
            "As signature, less the last word; empty for a short block.",
            null=False,
        ),
        Column("word_chars", "int32", "Characters of its words, for weighing.", null=False),
        Column("dateline_end", "int32", "Where the dateline it opens with ends, in the clean text."),
        Column(
            "drop_reason",
            "string",
            "Why it does not count, whatever else is read; null where that is open.",
            values=DROP_REASONS,
        ),
    ),
    "staged",
)
STAGED_PRINTS = Table(
    "staged_prints",
    "The fingerprints of one block of text, see transforms.page.prints.Prints.",
    ("paragraph_id",),
    (
        DOCUMENT_ID,
        PARAGRAPH_ID,
        Column(
            "words",
            "list<int64>",
            "Its words less a dateline, hashed with their length, in order.",
            null=False,
        ),
        Column("shingles", "list<int64>", "A sample of its runs of three words.", null=False),
        Column("names", "list<int64>", "Its capitalised words inside sentences, once each.", null=False),
        Column("numbers", "list<int64>", "Its numbers in digits, once each.", null=False),
    ),
    "staged",
)
STAGED_HEADERS = Table(
    "staged_headers",
    "One article's header, read by itself.",
    ("article_id",),
    (
        ARTICLE_ID, DOCUMENT_ID, *HEADER, PUBLISHED, PUBLISHED_BASIS,
        Column("published_on_other", "date32", "The day if day and month change places, where both readings stand."),
        Column("date_order", "string", "DMY or MDY where a numeric date in the header has one reading only, else empty.", null=False),
    ),
    "staged",
)  # fmt: skip
STAGED_REJECTS = Table(
    "staged_rejects",
    "One document that could not be read.",
    ("document_id",),
    (
        DOCUMENT_ID,
        Column("reason", "string", "A short word.", null=False),
        Column("detail", "string", "What exactly.", null=False),
        FACTS_HASH,
    ),
    "staged",
)
BLOCK_MARKS = Table(
    "block_marks",
    "What is decided about a block over all documents.",
    ("paragraph_id",),
    (DOCUMENT_ID, PARAGRAPH_ID, KEPT, DROP, REPEAT, WITH_IT),
    "staged",
)
ARTICLE_MARKS = Table(
    "article_marks",
    "What is decided about an article over all documents.",
    ("article_id",),
    (
        ARTICLE_ID, DOCUMENT_ID, SOURCE_URI, PUBLISHED, PUBLISHED_BASIS,
        Column("story_id", "string", "The story it tells.", null=False),
        Column("is_story_lead", "boolean", "Whether it is its story's first telling.", null=False),
    ),
    "staged",
)  # fmt: skip
