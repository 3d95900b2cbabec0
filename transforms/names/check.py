"""What is wrong with a lexicon, by table and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from transforms.names.build import build_lexicon
from transforms.names.entity import ENTITY_TABLES, LexiconError, Seeds
from transforms.names.lexicon import Lexicon
from transforms.names.mentions import find_mentions
from transforms.page.furniture import pattern_fault
from transforms.tables.seeds import SEED_TABLES

Line = tuple[int, Mapping[str, str]]
CONDITION = re.compile(r"country:[A-Z]{2}|war|place_cue")
COUNTRY = re.compile(r"[A-Z]{2}")
SLUG = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
PATTERNS = {"furniture": "pattern", "outlet_fingerprints": "value"}
"""The columns of patterns, by seed table."""


@dataclass(frozen=True)
class Fault:
    """One fault: the seed table, the line in its file, what is wrong and how it should be."""

    table: str
    line: int
    message: str


def find_faults(own: Mapping[str, Sequence[Line]], seeds: Seeds) -> list[Fault]:
    """The faults of a lexicon's own lines ({table: [(line, row)]}); `seeds` are all tables, the built-in ones below."""
    ids = {table: {row[f"{t}_id"] for row in seeds[table]} for t, table in ENTITY_TABLES.items()}
    faults = [
        Fault(table, line, message)
        for table, lines in own.items()
        for line, row in lines
        for message in _faults_of_row(table, row, ids)
    ]
    faults += _circles(
        own.get("forces", ()), {r["force_id"]: r.get("parent_id", "") for r in seeds["forces"]}
    )
    faults += _unnamed(own, seeds)
    if not faults:
        try:
            faults += _unfound(own.get("aliases", ()), build_lexicon(seeds))
        except LexiconError as error:
            faults.append(Fault("aliases", 0, str(error)))
    return sorted(faults, key=lambda f: (f.table, f.line, f.message))


def _faults_of_row(table: str, row: Mapping[str, str], ids: Mapping[str, Set[str]]) -> Iterator[str]:
    yield from SEED_TABLES[table].faults(row)
    for column in SEED_TABLES[table].columns:
        if column.links and row[column.name] and not any(row[column.name] in ids[to] for to in column.links):
            yield f"the {column.name} {row[column.name]!r} is in no table of {' or '.join(column.links)}"
    if table in ENTITY_TABLES.values():
        key = SEED_TABLES[table].key[0]
        if not SLUG.fullmatch(row[key]):
            yield f"the {key} {row[key]!r} is no slug: small letters, digits and single underscores"
        if row["country_code"] and not COUNTRY.fullmatch(row["country_code"]):
            yield f"the country_code {row['country_code']!r} is not two capital letters (ISO 3166-1 alpha-2)"
    if table == "aliases":
        yield from _faults_of_alias(row, ids)
    if table in PATTERNS and row.get("form") != "signature":
        pattern = row[PATTERNS[table]]
        if fault := pattern_fault(pattern):
            yield f"the pattern {pattern!r} is none that RE2 takes: {fault}"


def _faults_of_alias(row: Mapping[str, str], ids: Mapping[str, Set[str]]) -> Iterator[str]:
    own = ENTITY_TABLES.get(row["entity_type"])
    if own and row["entity_id"] not in ids[own] and any(row["entity_id"] in known for known in ids.values()):
        yield f"the entity_id {row['entity_id']!r} is no {row['entity_type']}"
    for condition in (c for part in row["requires"].split() for c in part.split("+")):
        if not CONDITION.fullmatch(condition) and not any(condition in known for known in ids.values()):
            yield f"requires names {condition!r}, which is no entity and none of country:XX, war, place_cue"
    if row["requires"] and row["is_weak"] != "true":
        yield "requires says something, but is_weak is not true: the evidence would never be asked for"
    if len(row["alias"]) < 3 and not row["alias"].isupper() and row["is_weak"] != "true":
        yield f"the alias {row['alias']!r} is too short to count without evidence: make it weak"


def _circles(own: Sequence[Line], parents: Mapping[str, str]) -> Iterator[Fault]:
    for line, row in own:
        seen, at = [row["force_id"]], parents.get(row["force_id"], "")
        while at and at not in seen:
            seen.append(at)
            at = parents.get(at, "")
        if at == row["force_id"]:
            yield Fault("forces", line, f"its own parent: {' → '.join([*seen, at])}")


def _unnamed(own: Mapping[str, Sequence[Line]], seeds: Seeds) -> Iterator[Fault]:
    """Whom no alias names: they are in the tables and never found in a text. (An outlet can be known by its domain.)"""
    named = {row["entity_id"] for row in seeds["aliases"]} | {
        row["force_id"] for row in seeds["descriptions"]
    }
    for entity_type, table in ENTITY_TABLES.items():
        for line, row in own.get(table, ()):
            if row[f"{entity_type}_id"] not in named and not row.get("domain"):
                yield Fault(
                    table,
                    line,
                    f"no row of aliases names {row[f'{entity_type}_id']!r}: {row['name']!r} would never be found",
                )


def _unfound(own: Sequence[Line], lexicon: Lexicon) -> Iterator[Fault]:
    """Aliases whose example does not find them: the example is the alias's test."""
    for line, row in own:
        if not row.get("example"):
            continue
        text = row["example"]
        found = find_mentions(text, lexicon)
        if not any(row["entity_id"] == c.entity_id for f in found for c in f.candidates):
            seen = (
                ", ".join(f"{text[f.start : f.end]!r} as {f.candidates[0].entity_id}" for f in found)
                or "nothing"
            )
            yield Fault(
                "aliases",
                line,
                f"its example does not find {row['alias']!r} as {row['entity_id']}; found: {seen}",
            )
