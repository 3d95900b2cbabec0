"""The seed tables as they are declared: what a lexicon's CSV files hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from transforms import tables
from transforms.language.grammar import PATTERNS, WORD_CLASSES, WORDS
from transforms.page.furniture import FURNITURE_KINDS
from transforms.records import RECORDS
from transforms.records.attributions import CLAIMANTS, STANCES
from transforms.records.events import TYPES
from transforms.records.figures import MEASURES, VICTIMS
from transforms.schema import PRECISIONS, Column, Table


def _needed(name: str, about: str, values: tuple[str, ...] = (), links: tuple[str, ...] = ()) -> Column:
    return Column(name, "string", about, values, null=False, links=links)


def _free(name: str, about: str, values: tuple[str, ...] = ()) -> Column:
    """A column that may be left out, or left empty in a row."""
    return Column(name, "string", about, values)


_EXAMPLE = _free("example", "A sentence that shows it; a test.")
_SOURCE = _free("source", "Where the row comes from; its folder's name where it says nothing.")


def _with_source(table: Table, *more: Column) -> Table:
    """A published table as a seed table: its source may be left out."""
    columns = tuple(_SOURCE if c.name == "source" else c for c in table.columns)
    return replace(table, columns=(*columns, *more), where="seed")


_ALIASES = _with_source(tables.ALIASES, _EXAMPLE)

SEED_TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        _with_source(tables.FORCES),
        _with_source(tables.PLACES),
        _with_source(tables.OUTLETS),
        _with_source(tables.ORGANIZATIONS),
        replace(_ALIASES, key=("entity_id", "alias")),
        Table("stop_phrases", "One phrase that holds a name and is none.", ("phrase",), (
            _needed("phrase", "The phrase."),
            _free("reason", "What it is instead."),
            _EXAMPLE,
        ), "seed"),
        Table("place_terms", "One word that says what a place's name means there.", ("term", "position"), (
            _needed("term", "The word or words."),
            _free("kind", "The kind of place it makes of the name; none = no place at all.", ("town", "governorate", "district", "region", "country", "river", "facility", "none")),
            _needed("position", "Where it stands beside the name.", ("before", "after")),
            _free("precision", "What is then meant of the place.", PRECISIONS),
        ), "seed"),
        Table("speech_verbs", "One form of a verb of saying.", ("verb_form",), (
            _needed("verb_form", "The form."),
            _free("lemma", "Its dictionary form."),
            _needed("stance", "How it says.", STANCES),
        ), "seed"),
        Table("force_nouns", "One noun of descriptions of forces.", ("class", "noun"), (
            _needed("class", "The class that descriptions name."),
            _needed("noun", "The noun: army, troops; insurgents, guerrillas."),
        ), "seed"),
        Table("force_words", "One word that makes a name a force's.", ("word",), (_needed("word", "Brigade, front, jaish."),), "seed"),
        Table("figure_nouns", "One noun that is counted.", ("noun",), (
            _needed("noun", "The noun."),
            _free("victim_group", "What people it means.", VICTIMS),
            _free("measure", "What is counted, whatever the verb says.", MEASURES),
        ), "seed"),
        Table("figure_verbs", "One form of a verb that says what happened to those counted.", ("form",), (
            _needed("form", "The form."),
            _needed("measure", "What it counts.", MEASURES),
            _needed("voice", "Whether those counted are its subject, its object or both.", ("subject", "object", "both")),
        ), "seed"),
        Table("event_terms", "One form of a word that tells an event.", ("form",), (
            _needed("form", "The form."),
            _needed("event_type", "What happened.", TYPES),
            _free("plover_event", "The PLOVER event it maps to."),
            _free("plover_mode", "The PLOVER mode."),
            _needed("syntax", "Which side of it its actors and targets stand on; see transforms/records/events.py.", ("act", "hold", "move", "noun", "to", "weapon", "with")),
        ), "seed"),
        Table("claimant_roles", "One noun for somebody who says something.", ("noun",), (
            _needed("noun", "The noun."),
            _free("claimant_type", "What sort of claimant; empty where the name beside it says.", CLAIMANTS),
        ), "seed"),
        Table("descriptions", "One modifier that makes every noun of a class a force's.", ("modifier", "nouns", "force_id"), (
            _needed("modifier", "Turkish, ISIS's."),
            _needed("nouns", "The class of force_nouns."),
            _needed("force_id", "The force.", links=("forces",)),
            _free("requires", "The evidence it needs, as aliases do."),
        ), "seed"),
        Table("furniture", "One pattern of page furniture.", ("kind", "pattern"), (
            _needed("kind", "What the block is.", FURNITURE_KINDS),
            _needed("pattern", "A regex (RE2) over one whole block, in any case; a group `outlet` names the publisher."),
            _EXAMPLE,
            _free("counter_example", "A block that it must leave alone; a test."),
        ), "seed"),
        Table("outlet_fingerprints", "One block that a single outlet prints.", ("outlet_id", "value"), (
            _needed("outlet_id", "The outlet.", links=("outlets",)),
            _needed("form", "What value is.", ("pattern", "signature")),
            _needed("value", "A regex (RE2) over one whole block as it is printed, or a block's signature."),
            _needed("kind", "What the block is.", tables.KINDS),
            _EXAMPLE,
        ), "seed"),
        Table("export_columns", "One name that a field has in exports.", ("field", "column"), (
            _needed("field", "The field.", ("byline", "date", "html", "key", "language", "outlet", "text", "title", "url")),
            Column("rank", "int64", "Which is taken first where a row has several; 1 is first.", null=False),
            _needed("column", "The column's name."),
            _free("used_by", "Who writes it."),
        ), "seed"),
        Table("languages", "One language that the names can be read in.", ("language",), (
            _needed("language", "ISO 639-1 code."),
            _free("name", "Its name."),
        ), "seed"),
        WORD_CLASSES,
        WORDS,
        PATTERNS,
        *(table for record in RECORDS for table in record.seeds),
    )
}  # fmt: skip
"""Every seed table. A column that may be null may also be left out of the file."""
