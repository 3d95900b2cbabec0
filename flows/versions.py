"""The lexicon, built once a process, and the hashes of what rows depend on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

import transforms
from transforms.names.build import build_lexicon
from transforms.names.entities import entity_tables
from transforms.names.lexicon import Lexicon
from transforms.tables.seeds import SEED_TABLES
from warehouse.seeds import read_seeds, refuse_faults, seed_folders

STAGE_SEEDS = ("export_columns", "furniture", "outlet_fingerprints", "outlets")


@lru_cache
def rules_version() -> str:
    """Hash of the rules themselves: every source file of `transforms`."""
    digest = sha256()
    root = Path(transforms.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def seeds_of(folders: tuple[Path, ...] = ()) -> dict[str, list[dict[str, str]]]:
    """The built-in seed tables with the user's folders over them. Raises SeedError where one of these cannot be used."""
    refuse_faults(folders, SEED_TABLES)
    return read_seeds(seed_folders(folders), SEED_TABLES)


@lru_cache(maxsize=4)
def lexicon_of(folders: tuple[Path, ...]) -> Lexicon:
    """The built-in lexicon with the user's folders over it, built once a process."""
    return build_lexicon(seeds_of(folders))


@lru_cache(maxsize=4)
def entities_of(folders: tuple[Path, ...]) -> dict[str, pa.Table]:
    """The lexicon's own tables; raises LexiconError where a row or a pattern of it cannot be used."""
    lexicon = lexicon_of(folders)
    lexicon.known.furniture.judge("")
    return entity_tables(lexicon.seeds)


def notes_on(lexicon: Lexicon, before: Iterable[str]) -> list[str]:
    """What a run says of its lexicon: of names in it that nothing finds, and of ids that the warehouse has and it has not."""
    notes = []
    if nameless := lexicon.nameless:
        notes.append(
            f"{len(nameless)} of those in the lexicon, such as {nameless[0]!r}, have no row in aliases.csv and are never found"
        )
    if gone := sorted(set(before) - lexicon.entities.keys()):
        notes.append(
            f"{len(gone)} of those that the warehouse knew, such as {gone[0]!r}, are not in this run's lexicon: their names are no "
            "longer read; give the --lexicon of the run before to have them back"
        )
    return notes


def stage_version(lexicon: Lexicon) -> str:
    """Hash of all that staging depends on: the rules, and the seed tables it reads."""
    read: dict[str, Any] = {name: [dict(r) for r in lexicon.seeds[name]] for name in STAGE_SEEDS}
    read["aliases"] = [dict(r) for r in lexicon.seeds["aliases"] if r["entity_type"] == "outlet"]
    return sha256((rules_version() + json.dumps(read, sort_keys=True)).encode()).hexdigest()[:8]


@lru_cache(maxsize=4)
def read_by(folders: tuple[Path, ...]) -> str:
    """Hash of all that reading depends on but names and what is known of whom they name: rules, and the other seed tables.
    A force that a standing description means counts among these: its phrases are many."""
    seeds = lexicon_of(folders).seeds
    named = {"aliases", "forces", "places", "outlets", "organizations"}
    rest: dict[str, Any] = {
        name: [dict(r) for r in rows] for name, rows in seeds.items() if name not in named
    }
    described = {r["force_id"] for r in seeds["descriptions"]}
    rest["described"] = [dict(r) for r in seeds["forces"] if r["force_id"] in described]
    return sha256((rules_version() + json.dumps(rest, sort_keys=True)).encode()).hexdigest()[:16]


@lru_cache
def code_version() -> str:
    """Hash of what decides over all documents, of the views that are stored, and of how tables are written."""
    digest = sha256()
    root = Path(transforms.__file__).parent.parent / "warehouse"
    for path in [*sorted((root / "sql").glob("[mv]*/*.sql")), root / "marks.py", root / "files.py"]:
        digest.update(path.read_bytes())
    digest.update(version("duckdb").encode())
    return digest.hexdigest()[:16]
