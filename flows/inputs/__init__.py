"""What a run is given: files, folders, and the records of containers, each with its id or the reason it has none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows.inputs.container import Maps, Records, mapped, mapping_of
from flows.inputs.spool import Read, Spool
from flows.inputs.walk import STAGED_IDS, Input, Seen, Walk, look, printable
from flows.versions import lexicon_of, stage_version
from transforms import tables
from transforms.parse.containers import Limits, container_suffix
from warehouse.lake import Lake, staged_documents


@dataclass
class Listing:
    """The inputs as found; the containers that were read to their ends; the parts that hold their new records, and which
    these are; what was staged before, {document_id: ((part, facts_hash), ...)}; the INPUTs and folders below which nothing
    could be seen, with why, and those that are empty; what to say of containers."""

    found: list[Input]
    containers: list[str] = field(default_factory=list)
    spooled: list[str] = field(default_factory=list)
    spooled_reads: set[Read] = field(default_factory=set)
    staged: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    unseen: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def done(self, prefix: str) -> set[Read]:
        """The documents that are staged by these rules, with the facts they were read with."""
        return {
            (d, facts) for d, parts in self.staged.items() for part, facts in parts if part.startswith(prefix)
        }


def list_inputs(
    inputs: Sequence[str], lake: Lake, max_document: int, lexicon_folders: tuple[Path, ...], maps: Maps
) -> Listing:
    """Every file of the inputs and every record of the containers among them, each with its id or the reason it has
    none. Folders are walked, hidden files left out. The bytes of new records are put aside, in parts, as they stream by."""
    lexicon = lexicon_of(lexicon_folders)
    prefix = stage_version(lexicon)
    listing = Listing([], staged=staged_documents(lake, STAGED_IDS))
    first: dict[str, str] = {}
    for row in lake.read(tables.DOCUMENT_SOURCES).to_pylist():
        first[row["document_id"]] = min(row["source_uri"], first.get(row["document_id"], row["source_uri"]))
    spool = Spool(lake.stage / ".spool", prefix, listing.done(prefix), first)
    seen = Seen(lake.root / "seen.parquet")
    found: dict[str, Input] = {}
    looked: set[str] = set()
    walk = Walk(lake.root.resolve())
    for given in inputs:
        if not given:
            found[""] = Input("", "", None, reason="missing", detail="an input without a name")
            continue
        for path in walk.files(os.path.abspath(given)):
            if path in looked:
                continue
            looked.add(path)
            if container_suffix(os.path.basename(path)) and os.path.isfile(path):
                columns = mapped(lexicon.columns, maps, path)
                records = Records(path, Limits(max_document, 0, columns), mapping_of(maps, path), spool)
                for record in records:
                    found[record.source_uri] = _both(found.get(record.source_uri), record)
                if records.failed:
                    listing.unseen[printable(path)] = found[printable(path)].detail
                else:
                    listing.containers.append(path)
                listing.notes += records.notes
            else:
                found[printable(path)] = look(
                    path, max_document, seen, is_input=path == os.path.abspath(given)
                )
        if (one := found.get(printable(os.path.abspath(given)))) and one.reason in ("missing", "unreadable"):
            listing.unseen[one.source_uri] = one.detail
    for folder in walk.unreadable:
        found[folder.source_uri] = folder
        listing.unseen[folder.source_uri] = folder.detail
    for linked in walk.linked:
        found[linked.source_uri] = linked
    seen.keep()
    listing.empty = sorted(walk.empty())
    listing.found = [found[name] for name in sorted(found)]
    listing.containers.sort()
    listing.spooled, listing.spooled_reads = spool.close(), spool.kept
    return listing


def spool_again(
    containers: Sequence[str],
    wanted: set[Read],
    lake: Lake,
    max_document: int,
    folders: tuple[Path, ...],
    maps: Maps,
) -> list[str]:
    """Put aside these records of containers that are no inputs of this run: the parts' paths. Nothing else is taken from them."""
    lexicon = lexicon_of(folders)
    spool = Spool(lake.stage / ".spool", stage_version(lexicon), set(), {}, wanted)
    for path in containers:
        limits = Limits(max_document, 0, mapped(lexicon.columns, maps, path))
        for _ in Records(path, limits, mapping_of(maps, path), spool):
            pass
    return spool.close()


def _both(one: Input | None, other: Input) -> Input:
    """Two rejects of one source as one: a container may be damaged in two places, and all of it is told."""
    if one is None or one.document_id or other.document_id or one.detail == other.detail:
        return other
    return replace(other, detail=f"{one.detail}; {other.detail}", records=one.records + other.records)
