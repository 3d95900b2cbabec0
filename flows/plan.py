"""What a run has to do: the new state of all sources, compared with what stands, and the parts to stage for it."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from hashlib import sha256

from flows.listing import PART_BYTES, PART_DOCUMENTS, Found, Listing, container_of, part_name, printable
from flows.settings import Settings
from flows.versions import lexicon_of, stage_version
from transforms import tables
from warehouse.lake import Lake


@dataclass(frozen=True)
class Plan:
    """What a run has to do: what stands where after it, what came of each input, what has to be staged."""

    sources: dict[str, str]
    rejects: dict[str, Found]
    outcomes: dict[str, tuple[str | None, str]]
    todo: list[str]
    key: str


def plan_run(lake: Lake, settings: Settings, listing: Listing, version_key: str) -> Plan:
    """Compare the inputs with what stands: the new state of all sources, and the parts that must be staged for it."""
    before = {r["source_uri"]: r["document_id"] for r in lake.read(tables.DOCUMENT_SOURCES).to_pylist()}
    old_rejects = {
        r["source_uri"]: Found(r["source_uri"], r["source_uri"], r["document_id"], 0, r["reason"], r["detail"])
        for r in lake.read(tables.REJECTS).to_pylist()
    }
    found = listing.found
    known = before | {u: f.document_id for u, f in old_rejects.items()}
    outcomes: dict[str, tuple[str | None, str]] = {}
    sources = {u: d for u, d in known.items() if d is not None}
    rejects = {u: f for u, f in old_rejects.items() if f.document_id is None}
    paths = {u: u for u in sources if not container_of(u)}
    for f in found:
        sources.pop(f.source_uri, None)
        rejects.pop(f.source_uri, None)
        if f.document_id is None:
            rejects[f.source_uri] = f
            outcomes[f.source_uri] = (None, "rejected")
            continue
        sources[f.source_uri] = f.document_id
        if not f.container:
            paths[f.source_uri] = f.path
        same = known.get(f.source_uri) == f.document_id
        outcome = "unchanged" if same else "changed" if known.get(f.source_uri) else "added"
        outcomes[f.source_uri] = (f.document_id, outcome)
    listed = {f.source_uri for f in found}
    gone = tuple(c + "!" for c in map(printable, listing.containers))  # what a container does not hold any more is gone
    roots = tuple(os.path.abspath(i).rstrip("/") for i in settings.inputs) if settings.prune else ()
    for uri in sorted(known):
        pruned = any(uri == r or uri.startswith((r + "/", r + "!")) for r in roots)
        if uri not in listed and (pruned or uri.startswith(gone)):
            outcomes[uri] = (sources.pop(uri, None), "removed")
            rejects.pop(uri, None)
    state = [sorted(sources.items()), sorted((f.source_uri, f.reason, f.detail) for f in rejects.values()), version_key]
    key = sha256(json.dumps(state).encode()).hexdigest()
    todo = (
        [] if key == lake.standing().inputs_key else [*listing.spooled, *_cut(lake, settings, listing, sources, paths)]
    )
    return Plan(sources, rejects, outcomes, todo, key)


def _cut(lake: Lake, settings: Settings, listing: Listing, sources: dict[str, str], paths: dict[str, str]) -> list[str]:
    """Write what has to be staged as part files under stage/.todo, and return their paths."""
    prefix = stage_version(lexicon_of(settings.lexicon))
    staged = listing.staged
    sizes = {f.document_id: f.size for f in listing.found}
    done = {d for d, parts in staged.items() if any(p.startswith(prefix) for p in parts)}
    first = {d: u for u, d in sorted(sources.items(), key=lambda s: (s[0] in paths, s[0]), reverse=False)}
    waiting = [(d, paths[u]) for d, u in sorted(first.items(), key=lambda x: x[1]) if d not in done and u in paths]
    waiting = [(d, p) for d, p in waiting if d not in staged or os.path.exists(p)]  # old rules where the file is gone
    most = min(PART_DOCUMENTS, max(1, -(-len(waiting) // settings.workers))) if settings.workers > 1 else PART_DOCUMENTS
    parts: list[list[tuple[str, str]]] = []
    held = 0
    for document_id, path in waiting:
        size = sizes.get(document_id, 0)
        if not parts or len(parts[-1]) >= most or held + size > PART_BYTES:
            parts.append([])
            held = 0
        parts[-1].append((document_id, path))
        held += size
    todo = lake.stage / ".todo"
    shutil.rmtree(todo, ignore_errors=True)
    todo.mkdir(parents=True)
    written = []
    for part in parts:
        file = todo / f"{part_name(prefix, [d for d, _ in part])}.json"
        file.write_text(json.dumps(part), encoding="utf-8", errors="surrogatepass")
        written.append(str(file))
    return written
