"""The tables that staging, marking and publishing fill."""

from transforms.tables.columns import DROP_REASONS, KINDS
from transforms.tables.entities import ALIASES, FORCES, ORGANIZATIONS, OUTLETS, PLACES
from transforms.tables.logs import CHECK_RESULTS, MEASURES, RUN_INPUTS, RUNS
from transforms.tables.published import (
    ARTICLES,
    DOCUMENT_SOURCES,
    DOCUMENTS,
    PARAGRAPHS,
    REFUSED_PAIRS,
    REJECTS,
    STORIES,
    STORY_PAIRS,
)
from transforms.tables.staged import (
    ARTICLE_MARKS,
    BLOCK_MARKS,
    STAGED_BLOCKS,
    STAGED_DOCUMENTS,
    STAGED_HEADERS,
    STAGED_PRINTS,
    STAGED_REJECTS,
)

__all__ = [
    "ALIASES",
    "ARTICLES",
    "ARTICLE_MARKS",
    "BLOCK_MARKS",
    "CHECK_RESULTS",
    "DOCUMENTS",
    "DOCUMENT_SOURCES",
    "DROP_REASONS",
    "FORCES",
    "KINDS",
    "MEASURES",
    "ORGANIZATIONS",
    "OUTLETS",
    "PARAGRAPHS",
    "PLACES",
    "REFUSED_PAIRS",
    "REJECTS",
    "RUNS",
    "RUN_INPUTS",
    "STAGED_BLOCKS",
    "STAGED_DOCUMENTS",
    "STAGED_HEADERS",
    "STAGED_PRINTS",
    "STAGED_REJECTS",
    "STORIES",
    "STORY_PAIRS",
]
