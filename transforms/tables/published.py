"""Tables of documents, paragraphs, articles, stories and rejects; records declare theirs beside their finder."""

from __future__ import annotations

from transforms.schema import Column, Table
from transforms.tables.columns import (
    ARTICLE_ID,
    DOCUMENT_FACTS,
    DOCUMENT_ID,
    DROP,
    END,
    FACTS_HASH,
    HEADER,
    IN_ARTICLE,
    IN_DOCUMENT,
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

# ------------------------------------------------------------------ published
DOCUMENTS = Table(
    "documents", "One raw input, by its bytes.", ("document_id",), (DOCUMENT_ID, SOURCE_URI, *DOCUMENT_FACTS)
)
DOCUMENT_SOURCES = Table(
    "document_sources",
    "One place a document's bytes were found. It is read with the facts of the first by name.",
    ("document_id", "source_uri"),
    (IN_DOCUMENT, SOURCE_URI, FACTS_HASH),
    "whole",
)
PARAGRAPHS = Table(
    "paragraphs",
    "One block of a document, kept or not; together they cover every non-space character of documents.text.",
    ("paragraph_id",),
    (
        PARAGRAPH_ID, IN_DOCUMENT, IN_ARTICLE,
        Column("position", "int32", "Its place among the document's blocks, from 0.", null=False),
        KIND, START, END,
        Column("start_char", "int32", "First character in articles.text; null where it does not stand there."),
        Column("end_char", "int32", "One past the last character in articles.text; null where it does not stand there."),
        Column("text", "string", "The block after cleaning.", null=False),
        KEPT, DROP, REPEAT, WITH_IT,
        Column("cleaners", "list<string>", "The cleaners that changed it, in order; see transforms/page/clean.py.", null=False),
        Column("cleaners_text", "string", "The same, joined by a space.", null=False),
        Column("shifts", "list<int32>", "The way back to raw offsets: pairs of clean offset and shift; empty where nothing changed.", null=False),
    ),
)  # fmt: skip
ARTICLES = Table(
    "articles",
    "One article.",
    ("article_id",),
    (
        ARTICLE_ID, IN_DOCUMENT, *HEADER, PUBLISHED, PUBLISHED_BASIS,
        Column("dateline_place_id", "string", "The place its dateline names.", links=("places",)),
        Column("text", "string", "The clean text: standfirst, body and crossheads, joined by one blank line.", null=False),
        Column("caption_text", "string", "Its kept captions, joined by one blank line; empty where it has none.", null=False),
        Column("word_count", "int32", "Words of text.", null=False),
        Column("story_id", "string", "The story it tells.", null=False, links=("stories",)),
        Column("is_story_lead", "boolean", "Whether it is its story's first telling (by day, then fullest, then id).", null=False),
    ),
)  # fmt: skip
STORIES = Table(
    "stories",
    "One story: an article and its copies, perhaps that article alone.",
    ("story_id",),
    (
        Column("story_id", "string", "Hash of its lead article.", null=False),
        Column("lead_article_id", "string", "Its first telling.", null=False, links=("articles",)),
        Column("articles", "int32", "How many articles tell it.", null=False),
        Column("outlets", "int32", "How many known outlets published it.", null=False),
        Column("origin_outlet_id", "string", "Who wrote the lead.", links=("outlets",)),
        Column("first_published_on", "date32", "Its first dated telling."),
    ),
    "whole",
)
_WORDS_SHARED = Column(
    "words_shared",
    "double",
    "Share of the shorter one's words, weighted by rarity, that stand in the other.",
    null=False,
)
_NAMES_SHARED = Column(
    "names_shared", "double", "The same of names and numbers; 1 where there are too few to tell.", null=False
)
_NUMBERS_SHARED = Column(
    "numbers_shared",
    "double",
    "Share of the numbers in digits of the one that has fewer that stand in the other, both counted with one more.",
    null=False,
)
STORY_PAIRS = Table(
    "story_pairs",
    "The evidence for two articles telling one story.",
    ("article_id_a", "article_id_b"),
    (
        Column("article_id_a", "string", "The fullest telling, which the story's others are compared with; of equal texts the first.", null=False, links=("articles",)),
        Column("article_id_b", "string", "The copy.", null=False, links=("articles",)),
        Column("method", "string",
               "exact_text = the same text after cleaning; normalised_text = the same words in the same blocks; contained = the one is part of the other; near = edited.",
               values=("exact_text", "normalised_text", "contained", "near"), null=False),
        Column("score", "double", "0 to 1; 1 = all words of the shorter one stand in the other.", null=False),
        Column("shared_characters", "int32", "Characters of words that both have.", null=False),
        Column("contained", "string", "article_id of the one contained in the other; null where neither is much shorter.", links=("articles",)),
        _WORDS_SHARED, _NAMES_SHARED, _NUMBERS_SHARED,
    ),
    "whole",
)  # fmt: skip
REFUSED_PAIRS = Table(
    "refused_pairs",
    "Two articles with much text in common that were compared and not joined, and why.",
    ("article_id_a", "article_id_b"),
    (
        Column("article_id_a", "string", "The one with more words.", null=False, links=("articles",)),
        Column("article_id_b", "string", "The other.", null=False, links=("articles",)),
        Column("reason", "string",
               "passage = they share a passage, not the story; template = the same form with other names or numbers; round_up = the longer strings together pieces of unrelated articles.",
               values=("passage", "template", "round_up"), null=False),
        Column("runs_shared", "double", "Share of the shorter one's runs of three words that stand in the other.", null=False),
        _WORDS_SHARED, _NAMES_SHARED, _NUMBERS_SHARED,
    ),
    "whole",
)  # fmt: skip
REJECTS = Table(
    "rejects",
    "One input that could not be taken in.",
    ("source_uri", "document_id"),
    (
        SOURCE_URI,
        Column("document_id", "string", "Its id, where its bytes could be read."),
        Column("stage", "string", "Where it failed: list = finding and reading the file, parse = making sense of it.", values=("list", "parse"), null=False),
        Column("reason", "string", "A short word.", null=False,
               values=("missing", "unreadable", "too_large", "empty", "binary", "encoding", "unknown_format", "too_deep", "damaged", "failed", "bomb", "nested", "unsafe_path", "encrypted", "no_text_column", "unsupported", "too_many")),
        Column("detail", "string", "What exactly.", null=False),
        Column("records", "int64", "How many records it stands for: 1, or where a container has more than 1,000 rejects of one kind, all that follow the first 1,000; source_uri then says from which to which."),
    ),
    "whole",
)  # fmt: skip
