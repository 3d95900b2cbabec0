"""`warwire run`, `serve`, `report`: the commands that make something."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings, UsageError

if TYPE_CHECKING:
    from flows.outcome import Outcome
from flows.commands.exits import OK
from flows.commands.options import settings_of

PREFECT_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_CLIENT_MAX_RETRIES": "3",  # 2, 4 and 8 seconds for a server that starts again
}
LOST: list[Exception] = []
"""How the Prefect server was lost, where it was."""


# ------------------------------------------------------------------ run
def run_command(args: argparse.Namespace) -> int:
    """`warwire run`."""
    settings = settings_of(args)
    from flows.ending import ended_by_signals

    with ended_by_signals():
        outcome = _run_inline(settings) if args.inline else _run_flow(settings)
    _print_outcome(outcome, settings)
    if settings.report:
        print(f"Report: {_short(settings.warehouse / 'report.html')}")
    return OK


def _run_inline(settings: Settings) -> Outcome:
    from flows.inline import Inline
    from flows.run import run_steps

    with Inline(settings.processes, keep=not settings.memory) as caller:
        outcome = run_steps(settings, caller)
        if settings.report:
            from flows.report import write_report

            caller.one("report", write_report, settings.warehouse)
    return outcome


def _run_flow(settings: Settings) -> Outcome:
    from flows.ending import keep

    _prepare_prefect()
    keep()
    if not _api_url():
        print(
            "Starting Prefect's own server for this run (10 to 40 seconds) ...", file=sys.stderr, flush=True
        )
    from flows.build import OUTCOMES, PrefectTrouble, build_warehouse
    from flows.outcome import Outcome
    from flows.schedule import parameters_of

    try:
        return Outcome(**build_warehouse(**parameters_of(settings)))
    except PrefectTrouble as error:
        LOST.append(error)
        if OUTCOMES:
            OUTCOMES[-1].notes.append(
                f"the Prefect server was lost ({type(error).__name__}: {error}): it does not show how this run ended"
            )
            return OUTCOMES[-1]
        raise UsageError(
            f"Prefect failed ({type(error).__name__}: {error}); run with --inline to do without it"
        ) from error


def _api_url() -> str | None:
    """The address of the Prefect server that is configured, once it has answered. Raises UsageError where it does not."""
    from prefect.settings import get_current_settings

    url = get_current_settings().api.url
    if not url:
        return None
    from flows.build import silence_of_server

    if trouble := silence_of_server():
        raise UsageError(
            f"no Prefect server answers at {url} ({trouble}); start it (`prefect server start`), unset PREFECT_API_URL, "
            "or run with --inline"
        )
    return url


def _prepare_prefect() -> None:
    for name, value in PREFECT_DEFAULTS.items():
        os.environ.setdefault(name, value)
    logging.getLogger("EventsWorker").setLevel(logging.CRITICAL)  # Prefect's own, which heeds none of these


def _print_outcome(outcome: Outcome, settings: Settings) -> None:
    c = outcome.counts
    _print_rejected(outcome.rejected)
    for note in outcome.notes:
        print(f"note: {note}")
    for name, found in outcome.warnings:
        print(f"note: {name}: {found}")
    if outcome.not_read:
        print(
            f"note: {outcome.not_read} article(s) in languages the lexicon has no names for are kept and not read"
        )
    what = (
        ", ".join(f"{c[k]} {k}" for k in ("added", "changed", "unchanged", "removed", "rejected") if c[k])
        or "nothing"
    )
    print(f"{c['inputs']} inputs: {what}.")
    print(
        f"{c['articles']} articles in {c['stories']} stories, {c['paragraphs_kept']} of {c['paragraphs']} paragraphs kept, {c['mentions']} mentions."
    )
    state = (
        "A new snapshot is current" if outcome.outcome == "published" else "Nothing new: the snapshot stays"
    )
    print(f"{state}: {_short(settings.warehouse)}/warehouse.duckdb")
    where = _short(settings.warehouse)
    where = "" if where == "data/warehouse" else f" --warehouse {shlex.quote(where)}"
    print(f'Next: warwire sql "select * from mentions_per_town"{where}')


SHOWN = 5  # rejected files of one kind that have a line each; more of them have one together


def _print_rejected(rejected: Sequence[tuple[str, str, str, int]]) -> None:
    """A line for each reject; one for all of a kind where a container has several, or the files are many."""
    from flows.inputs.uris import container_of

    kinds: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    for uri, reason, detail, records in rejected:
        kinds[container_of(uri), reason].append((uri, detail, records))
    for (container, reason), found in kinds.items():
        number = sum(records for *_, records in found)
        if number == 1 or (not container and number <= SHOWN):
            for uri, detail, _ in found:
                print(f"rejected {uri!r}: {reason} ({detail})")
        elif container:
            names = [uri.removeprefix(f"{container}!") for uri, *_ in found]
            print(
                f"rejected {number:,} records of {container!r}: {reason}, such as {names[0]} ({found[0][1]})"
            )
        else:
            such = ", ".join(repr(uri) for uri, *_ in found[:3])
            print(
                f'rejected {number:,} files: {reason}, such as {such} ({found[0][1]}); all of them: warwire sql "from rejects"'
            )


def _short(path: Path) -> str:
    """A path as seen from here where it lies below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def report_command(args: argparse.Namespace) -> int:
    """`warwire report`."""
    from flows.report import write_report

    path, pictures = write_report(args.warehouse, args.out, args.png)
    for picture in pictures:
        print(picture)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    if args.open:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())
    return OK


def serve_command(args: argparse.Namespace) -> int:
    """`warwire serve`."""
    settings = settings_of(args)
    _prepare_prefect()
    os.environ["PREFECT_LOGGING_LEVEL"] = os.environ.get("WARWIRE_LOG_LEVEL", "INFO")
    if not _api_url():
        raise UsageError(
            "no Prefect server is configured; start one with `prefect server start` and set PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    from flows.schedule import serve

    print(f"Serving on cron {settings.cron!r}; stop with Ctrl-C.", file=sys.stderr)
    serve(settings)
    return OK
