"""The run told in one page: list → stage → mark → read → publish.

Prefect knows nothing of this file and this file nothing of Prefect: `flows.build` calls the same functions as tasks.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Set
from datetime import UTC, datetime

from flows.caller import Caller
from flows.inputs import list_inputs
from flows.log import count, log
from flows.mark import mark_all
from flows.outcome import CheckFailed, Outcome
from flows.parts import clear_parts
from flows.plan import maps_for, plan_run, without_failed
from flows.publish import merged, publish, write_whole
from flows.read import read_all
from flows.settings import Settings, UsageError
from flows.stage import find_parts, refuse_failing_disk, stage_all
from flows.versions import code_version, entities_of, lexicon_of, notes_on, read_by, rules_version
from transforms import tables
from transforms.names.entities import ENTITIES
from warehouse.catalog import declared_hash
from warehouse.checks import Answer
from warehouse.lake import Lake
from warehouse.manifest import Manifest
from warehouse.ours import BUILDING


# ------------------------------------------------------------------ the run
def run_steps(settings: Settings, caller: Caller) -> Outcome:
    """One whole run. Raises UsageError, WarehouseBusy, WarehouseError, SeedError or CheckFailed; nothing is lost then."""
    if not settings.inputs:
        raise UsageError("no input; name files or folders: warwire run FOLDER")
    lake = Lake(settings.warehouse)
    started = datetime.now(UTC)
    clock = _Clock()
    with lake.lock():
        lake.sweep(settings.grace)
        lexicon = lexicon_of(settings.lexicon)
        entities_of(settings.lexicon)  # a lexicon that cannot be used ends the run here
        before = lake.standing()
        maps = maps_for(
            settings.inputs,
            None if settings.mapping is None else dict(settings.mapping),
            lake.manifest().maps,
        )
        listing = caller.one(
            "list inputs", list_inputs, settings.inputs, lake, settings.max_document, settings.lexicon, maps
        )
        found = listing.found
        failed = [f for f in found if f.failed]
        refuse_failing_disk(failed, len(found))
        clock.stage("list")
        version_key = f"{rules_version()} {lexicon.hash} {code_version()}"
        plan = plan_run(lake, before, settings, listing, maps, version_key)
        answers: list[Answer] = []
        read_anew = 0
        staged_anew = 0
        refused: Set[str]
        if plan.key == before.inputs_key:
            snapshot = before.snapshot
            refused = {s.document_id for s in plan.sources.values()} - set(
                lake.read(tables.DOCUMENT_SOURCES)["document_id"].to_pylist()
            )
        else:
            known = [lake.read(t)[t.key[0]] for t in ENTITIES if before.files and t.name != "aliases"]
            plan.notes.extend(notes_on(lexicon, (str(i) for column in known for i in column.to_pylist())))
            unstaged, staged_anew = stage_all(lake, plan, settings, caller)
            if unstaged:
                refuse_failing_disk([*failed, *unstaged], len(found))
                plan = without_failed(plan, unstaged, version_key, set(listing.staged))
            clock.stage("stage")
            where = find_parts(lake, plan, settings)
            marked, unreadable = caller.one("mark", mark_all, lake, plan, where, settings)
            refused = unreadable.keys()
            clock.stage("mark")
            building = lake.root / "snapshots" / BUILDING
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
            files, fresh, read_anew = read_all(lake, before, marked, settings, caller, building)
            clock.stage("read")
            given = (lake, building, marked, plan, unreadable, settings)
            files.append(caller.one("write whole tables", write_whole, *given))
            manifest = Manifest(
                merged(files), marked.parts, plan.key, read_by(settings.lexicon), maps, declared_hash()
            )
            snapshot = manifest.snapshot
            try:
                answers = caller.one("check and publish", publish, lake, building, manifest, fresh, settings)
            except CheckFailed as failure:
                if before.files:
                    failed_run = Outcome("failed", before.snapshot, {}, clock.seconds, failure.answers)
                    failed_run.counts |= {"documents_staged": staged_anew, "documents_read": read_anew}
                    count(lake, plan, found, refused, failed_run, lexicon.languages, settings)
                    log(lake, started, plan, failed_run, lexicon)
                raise
            clear_parts(lake, where)
            shutil.rmtree(lake.stage / ".todo", ignore_errors=True)
            clock.stage("publish")
        shutil.rmtree(lake.stage / ".spool", ignore_errors=True)
        outcome = Outcome(
            "unchanged" if snapshot == before.snapshot and before.files else "published",
            snapshot,
            {},
            clock.seconds,
            answers,
            notes=[*listing.notes, *plan.notes],
        )
        outcome.counts |= {"documents_staged": staged_anew, "documents_read": read_anew}
        count(lake, plan, found, refused, outcome, lexicon.languages, settings)
        log(lake, started, plan, outcome, lexicon)
        shutil.rmtree(lake.stage / ".marks", ignore_errors=True)
    return outcome


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def stage(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now
