"""The same steps as a Prefect flow: each step a task run, each part of a step a task run of its own."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from httpx import HTTPError
from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectException
from prefect.task_runners import ThreadPoolTaskRunner

from flows.ending import end_with_parent
from flows.outcome import Outcome
from flows.report import write_report
from flows.run import run_steps
from flows.settings import OPTIONS, Settings
from transforms.pipeline import TABLES
from warehouse.catalog import open_catalog
from warehouse.lake import Lake
from warehouse.stock import first_rows

# A step is retried where trying again can help: a disk that hiccups, a worker process that was killed.
PASSING_TROUBLE = (OSError, BrokenExecutor)


def _may_pass(task: Any, task_run: Any, state: Any) -> bool:
    """Whether a failed step is worth another try; wrong usage, bad seeds and failed checks are not."""
    try:
        state.result()
    except PASSING_TROUBLE:
        return True
    except Exception:
        return False
    return False


PrefectTrouble = (HTTPError, PrefectException)


def silence_of_server() -> str:
    """Why the Prefect server that is configured does not answer; "" where it does."""
    with get_client(sync_client=True) as client:
        trouble = client.api_healthcheck()
    return f"{type(trouble).__name__}: {trouble}" if trouble else ""


OUTCOMES: list[Outcome] = []
"""What the flow runs of this process did to the warehouse, which stands also where the server dies before it is told."""


class AsTasks:
    """Steps as Prefect tasks. Tasks get paths and small settings, never documents; parts run in worker processes."""

    def __init__(self, processes: int, pools: ExitStack, keep: bool = True) -> None:
        self.processes = processes
        self.pools = pools
        self.keep = keep
        self.pool: Executor | None = None
        self.lock = threading.Lock()

    def one(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """One task run."""
        return self._task(name, function)(*arguments)

    def each(self, name: str, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """A task run a part."""
        run = self._task(
            name, self._in_process(function) if len(calls) > 1 and self.processes > 1 else function
        )
        results = [future.result() for future in [run.submit(*arguments) for arguments in calls]]
        if not self.keep:
            self.pools.close()
            self.pool = None
        return results

    def _task(self, name: str, function: Callable[..., Any]) -> Any:
        def step(*arguments: Any) -> Any:
            return function(*arguments)

        return task(
            name=name,
            description=function.__doc__,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=2,
            retry_delay_seconds=[1.0, 5.0],
            retry_condition_fn=_may_pass,
        )(step)

    def _in_process(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            pool = self._pool()
            try:
                return pool.submit(function, *arguments).result()
            except BrokenExecutor:  # a worker was killed; another try gets new ones
                with self.lock:
                    self.pool = None if self.pool is pool else self.pool
                raise

        run.__doc__ = function.__doc__
        return run

    def _pool(self) -> Executor:
        with self.lock:
            if self.pool is None:
                context = multiprocessing.get_context("spawn")
                self.pool = self.pools.enter_context(
                    ProcessPoolExecutor(self.processes, mp_context=context, initializer=end_with_parent)
                )
            return self.pool


@flow(name="build-warehouse", task_runner=ThreadPoolTaskRunner(max_workers=4), persist_result=False)  # type: ignore[arg-type]
def build_warehouse(
    inputs: list[str],
    warehouse: str,
    workers: int = 0,
    memory: str | None = None,
    lexicon: list[str] | None = None,
    mapping: str = "",
    prune: bool = False,
    max_document: int = 50 * 10**6,
    report: bool = False,
) -> dict[str, Any]:
    """Read news files and folders into a warehouse: stage, mark, read, check, publish, and the report where it is asked
    for. Returns the run's counts."""
    given = locals()
    options = {option.name: option.load(given[option.name]) for option in OPTIONS}
    settings = Settings(Path(warehouse), tuple(inputs), **options)
    if later := _later_run():
        return vars(
            Outcome("skipped", "", {}, notes=[f"the run scheduled for {later:%Y-%m-%d %H:%M} is due as well"])
        )
    with ExitStack() as pools:
        caller = AsTasks(settings.processes, pools, keep=not settings.memory)
        outcome = run_steps(settings, caller)
        page = caller.one("report", write_report, settings.warehouse)[0] if report else None
    OUTCOMES.append(outcome)
    _show(settings, outcome, page)
    return vars(outcome)


def _later_run() -> datetime | None:
    """When a later run of this run's schedule was due that has not begun either, as after hours without a server; the last of
    them takes in what all of them would have."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None or not run.auto_scheduled or run.expected_start_time is None:
        return None
    waiting = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[run.deployment_id]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
    )
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=waiting, sort=FlowRunSort.EXPECTED_START_TIME_ASC)
    starts = [r.expected_start_time for r in found if r.expected_start_time is not None]
    return max((s for s in starts if run.expected_start_time < s <= datetime.now(UTC)), default=None)


def _show(settings: Settings, outcome: Outcome, page: Path | None) -> None:
    """Leave the run's counts and the way to the warehouse, and to the report where there is one, as artifacts."""
    if page:
        create_link_artifact(
            link=page.resolve().as_uri(),
            link_text="The report",
            key="warwire-report",
            description="One file to look at and send on",
        )
    c = outcome.counts
    stages = [
        (
            "list",
            c["inputs"],
            c["inputs"] - c["rejected"],
            f"{c['added']} added, {c['changed']} changed, {c['unchanged']} unchanged",
        ),
        (
            "stage",
            c["documents_staged"],
            c["paragraphs"],
            "documents read anew in, paragraphs in the warehouse out",
        ),
        ("mark", c["paragraphs"], c["paragraphs_kept"], "paragraphs in, paragraphs kept out"),
        ("read", c["articles"], c["mentions"], "articles in, mentions out"),
        ("publish", c["articles"], c["stories"], "articles in, stories out"),
    ]
    rows = [
        {"stage": s, "in": i, "out": o, "what": w, "seconds": outcome.seconds.get(s)} for s, i, o, w in stages
    ]
    create_table_artifact(
        table=rows, key="warwire-counts", description=f"Run: {outcome.outcome}, snapshot {outcome.snapshot}"
    )
    root = settings.warehouse.resolve()
    create_markdown_artifact(
        key="warwire-warehouse",
        markdown=f"[{root}/warehouse.duckdb]({(root / 'warehouse.duckdb').as_uri()})\n\nSnapshot `{outcome.snapshot}`: {outcome.outcome}.",
        description="Where the tables and views are",
    )
    with open_catalog(Lake(settings.warehouse), lambda: TABLES) as connection:
        named = first_rows(connection, "mentions_per_force", 25)
    create_table_artifact(
        table=named, key="warwire-forces", description="mentions_per_force: the forces named most"
    )
