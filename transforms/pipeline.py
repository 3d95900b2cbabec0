"""The table of contents: every table, and the steps a document goes through."""

from __future__ import annotations

from transforms import tables
from transforms.names.entities import ENTITIES, entity_tables
from transforms.names.mentions import MENTIONS
from transforms.names.unknown import UNKNOWN_NAMES
from transforms.reading import READ, read_batch, read_one
from transforms.records import RECORDS
from transforms.schema import Table
from transforms.staging import STAGED, Raw, stage_batch

TABLES: tuple[Table, ...] = (
    tables.DOCUMENTS,
    tables.DOCUMENT_SOURCES,
    tables.PARAGRAPHS,
    tables.ARTICLES,
    tables.STORIES,
    tables.STORY_PAIRS,
    tables.REFUSED_PAIRS,
    MENTIONS,
    *(record.table for record in RECORDS),
    UNKNOWN_NAMES,
    tables.FORCES,
    tables.PLACES,
    tables.OUTLETS,
    tables.ORGANIZATIONS,
    tables.ALIASES,
    tables.REJECTS,
    tables.RUNS,
    tables.RUN_INPUTS,
    tables.CHECK_RESULTS,
    tables.MEASURES,
)
"""Every published table, in the order people meet them."""
MARKED: tuple[Table, ...] = (tables.STAGED_DOCUMENTS, tables.STAGED_BLOCKS, tables.STAGED_HEADERS)
"""What reading a marked part needs of it."""
__all__ = [
    "ENTITIES",
    "READ",
    "STAGED",
    "TABLES",
    "Raw",
    "entity_tables",
    "read_batch",
    "read_one",
    "stage_batch",
]
