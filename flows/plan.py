"""What a run has to do: the new state of all sources, compared with what stands, and the parts to stage for it."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from flows.inputs import Listing
from flows.inputs.container import Maps
from flows.inputs.spool import PART_BYTES, PART_DOCUMENTS, Read, facts_hash, part_name
from flows.inputs.uris import container_of, enclosing
from flows.inputs.walk import Input, is_below, printable
from flows.settings import Settings
from flows.versions import lexicon_of, stage_version
from transforms import tables
from warehouse.lake import Lake
from warehouse.manifest import Manifest

FEWEST = 9  # documents of a part, where there are others; reading them takes as long as starting a worker
MANY = 20  # files that an empty folder had, from which on it looks like a disk that is not there
DISK_FAILED = 0.01  # share of the inputs that a disk would not give, above which nothing is published


@dataclass(frozen=True)
class Source:
    """A document as one of its sources has it: its id, and the hash of the facts that stand beside the bytes there ("" where
    that is not known: of a source from before they were kept)."""

    document_id: str
    facts_hash: str


@dataclass(frozen=True)
class Plan:
    """What a run has to do: what stands where after it, what was refused, what came of each input, the parts to be staged, the
    records to be put aside again ({container: what}), and what to say to whoever asked for it."""

    sources: dict[str, Source]
    rejects: dict[str, Input]
    outcomes: dict[str, tuple[str | None, str]]
    key: str
    maps: Maps
    todo: list[str] = field(default_factory=list)
    again: dict[str, set[Read]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def first(self) -> dict[str, str]:
        """{document: the first of its sources by name}: it is read with the facts of that one."""
        return {source.document_id: uri for uri, source in sorted(self.sources.items(), reverse=True)}

    @property
    def reads(self) -> dict[str, str]:
        """{document: hash of the facts it is to be read with}."""
        return {document_id: self.sources[uri].facts_hash for document_id, uri in self.first.items()}


def maps_for(inputs: Iterable[str], mapping: Mapping[str, str] | None, remembered: Maps) -> Maps:
    """Which columns are named for which INPUT from now on: `mapping` for these, in place of what was named for them or below
    them; with None what was named for them is forgotten, with an empty one it stands.

    >>> maps_for(["/in"], {"text": "Body"}, {"/in/nl": {"text": "Lijf"}, "/other": {"text": "T"}})
    {'/in': {'text': 'Body'}, '/other': {'text': 'T'}}
    """
    if mapping is not None and not mapping:
        return dict(remembered)
    given = sorted({printable(os.path.abspath(i)) for i in inputs if i})
    kept = {path: m for path, m in remembered.items() if set(given).isdisjoint(enclosing(path))}
    return dict(sorted((kept | ({root: dict(mapping) for root in given} if mapping else {})).items()))


def plan_run(
    lake: Lake, before: Manifest, settings: Settings, listing: Listing, maps: Maps, version_key: str
) -> Plan:
    """Compare the inputs with what stands: the new state of all sources, and the parts that must be staged for it."""
    known = {
        r["source_uri"]: _source(r["source_uri"], r["document_id"], r["facts_hash"])
        for r in lake.read(tables.DOCUMENT_SOURCES).to_pylist()
    }
    old_rejects = {
        r["source_uri"]: Input(
            r["source_uri"],
            r["source_uri"],
            r["document_id"],
            0,
            r["reason"],
            r["detail"],
            records=r["records"] or 1,
        )
        for r in lake.read(tables.REJECTS).to_pylist()
    }
    known = {
        u: _source(u, f.document_id, "") for u, f in old_rejects.items() if f.document_id is not None
    } | known
    sources = dict(known)
    rejects = {u: f for u, f in old_rejects.items() if f.document_id is None}
    outcomes: dict[str, tuple[str | None, str]] = {}
    for f in listing.found:
        rejects.pop(f.source_uri, None)
        if f.document_id is None:
            rejects[f.source_uri] = f
            outcomes[f.source_uri] = (None, "rejected")
            if not f.failed and f.reason != "missing":  # else what it was stands: nobody saw it go
                sources.pop(f.source_uri, None)
            continue
        sources[f.source_uri] = Source(f.document_id, f.facts_hash)
        outcomes[f.source_uri] = (f.document_id, _outcome(known.get(f.source_uri), sources[f.source_uri]))
    notes = _forget(sources, rejects, outcomes, listing, settings)
    plan = Plan(sources, rejects, outcomes, _key(sources, rejects, maps, version_key), maps, notes=notes)
    if plan.key == before.inputs_key:
        return plan
    return _cut(lake, settings, listing, plan)


def without_failed(plan: Plan, failed: Iterable[Input], version_key: str, staged: set[str]) -> Plan:
    """The plan without the files that could not be read a moment ago: rejects of this run, which the next one tries again. A
    document that is `staged` all the same, as it was read before, stands."""
    sources, rejects, outcomes = dict(plan.sources), dict(plan.rejects), dict(plan.outcomes)
    for f in failed:
        for uri, source in plan.sources.items():
            if source.document_id == f.document_id:
                rejects[uri] = replace(f, source_uri=uri, document_id=None)
                outcomes[uri] = (None, "rejected")
                if f.document_id not in staged:
                    sources.pop(uri, None)
    key = _key(sources, rejects, plan.maps, version_key)
    return replace(plan, sources=sources, rejects=rejects, outcomes=outcomes, key=key)


def _source(uri: str, document_id: str, facts: str | None) -> Source:
    """A source as it stands; a file's facts are its name's ending, known even where they were not kept."""
    return Source(document_id, facts or ("" if container_of(uri) else facts_hash(Path(uri).suffix)))


def _outcome(known: Source | None, now: Source) -> str:
    if known is None:
        return "added"
    same_facts = not known.facts_hash or known.facts_hash == now.facts_hash
    return "unchanged" if known.document_id == now.document_id and same_facts else "changed"


def _key(sources: Mapping[str, Source], rejects: Mapping[str, Input], maps: Maps, version_key: str) -> str:
    """Hash of all that a snapshot is built from."""
    stand = sorted((uri, s.document_id, s.facts_hash) for uri, s in sources.items())
    refused = sorted((f.source_uri, f.reason, f.detail) for f in rejects.values())
    return sha256(json.dumps([stand, refused, maps, version_key], sort_keys=True).encode()).hexdigest()


# ------------------------------------------------------------------ what is gone
def _forget(
    sources: dict[str, Source],
    rejects: dict[str, Input],
    outcomes: dict[str, tuple[str | None, str]],
    listing: Listing,
    settings: Settings,
) -> list[str]:
    """Drop what a container does not hold any more and, where asked to, what is gone from the inputs; but nothing below what
    could not be seen. What to say of that, a line each."""
    listed = {f.source_uri for f in listing.found}
    unlisted = (sources.keys() | rejects.keys()) - listed
    emptied = set(map(printable, listing.containers))
    gone = {uri for uri in unlisted if not emptied.isdisjoint(enclosing(uri))}
    roots = {printable(os.path.abspath(i)) for i in settings.inputs if i} if settings.prune else set()
    pruned = {uri for uri in unlisted - gone if not roots.isdisjoint(enclosing(uri))}
    notes = []
    for folder, why in _unsure(listing, pruned):
        below = {uri for uri in pruned if is_below(uri, folder)}
        if below:
            notes.append(
                f"--prune removed nothing below {folder} ({why}): {len(below)} input(s) stand as they were"
            )
            pruned -= below
    for uri in sorted(gone | pruned):
        was = sources.pop(uri, None)
        rejects.pop(uri, None)
        outcomes[uri] = (was.document_id if was else None, "removed")
    return notes


def _unsure(listing: Listing, pruned: set[str]) -> list[tuple[str, str]]:
    """The folders below which nothing is gone for sure, the outer ones first, with why."""
    had = Counter(folder for uri in pruned for folder in enclosing(uri))
    empty = {folder: f"empty now, had {had[folder]} files" for folder in listing.empty if had[folder] >= MANY}
    return sorted({**empty, **listing.unseen}.items())


# ------------------------------------------------------------------ what is to be read
def _cut(lake: Lake, settings: Settings, listing: Listing, plan: Plan) -> Plan:
    """The plan with what has to be staged: the spooled parts, part files under stage/.todo for files, and the records that
    only a container which was no input has."""
    prefix = stage_version(lexicon_of(settings.lexicon))
    done = listing.done(prefix)
    waiting: list[tuple[str, str, str, str]] = []
    again: dict[str, set[Read]] = {}
    paths: dict[str, list[str]] = {}
    for f in listing.found:
        if f.document_id and not f.container:
            paths.setdefault(f.document_id, []).append(f.path)
    for document_id, uri in sorted(plan.first.items(), key=lambda item: item[1]):
        facts = plan.sources[uri].facts_hash
        if not facts and document_id in listing.staged:
            facts = listing.staged[document_id][-1][
                1
            ]  # of a record from before facts were kept: as it was read
        read = (document_id, facts)
        if read in done or read in listing.spooled_reads:
            continue
        container = container_of(uri)
        if container:
            if os.path.exists(container):
                again.setdefault(container, set()).add(read)
            continue
        path = next(iter(paths.get(document_id, ())), uri)
        if document_id not in listing.staged or os.path.exists(
            path
        ):  # as it was read before, where the file is gone
            waiting.append((document_id, path, Path(uri).suffix, facts))
    sizes = {f.document_id: f.size for f in listing.found}
    todo = [*listing.spooled, *_write_todo(lake, prefix, waiting, sizes)]
    return replace(plan, todo=todo, again=again)


def _write_todo(
    lake: Lake, prefix: str, waiting: list[tuple[str, str, str, str]], sizes: Mapping[str | None, int]
) -> list[str]:
    """Write the files to be staged as part files, cut by what they are and not by who will read them; the parts' paths."""
    most = min(PART_DOCUMENTS, max(FEWEST, -(-len(waiting) // 8)))
    parts: list[list[tuple[str, str, str, str]]] = []
    held = 0
    for one in waiting:
        size = sizes.get(one[0], 0)
        if not parts or len(parts[-1]) >= most or held + size > PART_BYTES:
            parts.append([])
            held = 0
        parts[-1].append(one)
        held += size
    todo = lake.stage / ".todo"
    shutil.rmtree(todo, ignore_errors=True)
    todo.mkdir(parents=True)
    written = []
    for part in parts:
        file = todo / f"{part_name(prefix, [(d, facts) for d, _, _, facts in part])}.json"
        file.write_text(json.dumps(part), encoding="utf-8", errors="surrogatepass")
        written.append(str(file))
    return written
