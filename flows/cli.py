"""The command line. Nothing here imports Prefect until a run asks for it: `sql` and `explain` start at once."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from flows.plain import Plain, plain
from flows.settings import Settings, UsageError, from_environment, parse_mapping, parse_size

if TYPE_CHECKING:
    from flows.steps import Outcome
    from transforms.schema import Table

PREFECT_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_CLIENT_MAX_RETRIES": "3",  # 2, 4 and 8 seconds for a server that starts again
}
OK, FAILED, USAGE, BUSY = 0, 1, 2, 3
LOST: list[Exception] = []
"""How the Prefect server was lost, where it was."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The `warwire` command: exit code 0, 1 (failed check or error), 2 (wrong usage), 3 (another run holds the warehouse)."""
    code = _main(arguments)
    if LOST:
        from flows.ending import leave

        leave(code)
    return code


def _main(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    args = parser.parse_args(arguments)
    if not hasattr(args, "command"):
        parser.print_help()
        return USAGE
    command: Callable[[argparse.Namespace], int] = args.command
    try:
        with redirect_stdout(Plain(sys.stdout)):
            return command(args)
    except UsageError as error:
        return _say(error, USAGE)
    except BrokenPipeError:  # the reader of our output closed it: `warwire sql ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        from flows.ending import SAID, STOPPED

        return _say(SAID, STOPPED)
    except Exception as error:
        return _say_of(error)


def _say_of(error: Exception) -> int:
    """One line for the errors that have a remedy; others are shown whole."""
    import duckdb

    from transforms.names.entity import LexiconError
    from warehouse.lake import NotAWarehouse, WarehouseBusy, WarehouseError
    from warehouse.seeds import SeedError

    if isinstance(error, WarehouseBusy):
        return _say(error, BUSY)
    if isinstance(error, SeedError | LexiconError | NotAWarehouse):
        return _say(error, USAGE)
    if isinstance(error, duckdb.IOException):
        return _say(
            f"{error}\nwarwire: a file of the warehouse is missing or damaged; `warwire run` with its inputs mends it",
            FAILED,
        )
    if isinstance(error, WarehouseError | duckdb.Error):
        return _say(error, FAILED)
    if type(error).__name__ == "CheckFailed":
        return _say(f"a check failed, the old snapshot stays: {error}", FAILED)
    if isinstance(error, BrokenExecutor):
        return _say(
            "a worker process was killed, most likely for want of memory; the warehouse is as it was; "
            "run again with fewer --workers or with --memory",
            FAILED,
        )
    if isinstance(error, OSError):
        return _say(f"{error}; the warehouse is as it was", FAILED)
    raise error


def _say(message: object, code: int) -> int:
    print(f"warwire: {plain(str(message))}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warwire", description="From raw news about armed conflict to tables an analyst can stand behind."
    )
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(name: str, about: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(command=command)
        sub.add_argument("--warehouse", type=Path, default=Path(from_environment("WAREHOUSE", "data/warehouse")), metavar="DIR",
                         help="the warehouse's folder (default: %(default)s)")  # fmt: skip
        return sub

    run = add("run", "read news files and folders into the warehouse", run_command)
    _run_arguments(run)
    run.add_argument("--inline", action="store_true", help="the same steps as plain functions, without Prefect")
    sql = add("sql", "one query over the warehouse, or a prompt", sql_command)
    sql.add_argument("query", nargs="?", metavar="QUERY")
    sql.add_argument(
        "--format",
        choices=("table", "csv", "json", "parquet"),
        default="table",
        help="how to print the rows (default: %(default)s)",
    )
    sql.add_argument("--brief", action="store_true", help="leave out columns that are empty or the same in every row")
    explain = add("explain", "where a row, or a number in a view, comes from", explain_command)
    explain.add_argument("what", metavar="ID|VIEW", help="a row's id, or a view")
    explain.add_argument("keys", nargs="*", metavar="KEY[=VALUE]", help="which row of the view")
    explain.add_argument("--limit", type=_positive, default=20, help="rows shown at the most (default: %(default)s)")
    add("check", "the data-quality checks over what stands", check_command)
    lexicon = add("lexicon", "check a lexicon of yours, or get proposals for one", lexicon_command)
    lexicon.add_argument("what", choices=("check", "suggest"))
    lexicon.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the folder of seed tables to check")
    lexicon.add_argument("--lexicon", type=Path, action="append", default=[], metavar="DIR", help="as for run")
    lexicon.add_argument("--limit", type=_positive, default=50, help="proposals at the most (default: %(default)s)")
    lexicon.add_argument("--format", choices=("table", "csv", "json"), default="table")
    report = add("report", "one HTML file to look at: where, when, who, and who says so", report_command)
    report.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: DIR/report.html)")
    report.add_argument("--png", type=Path, metavar="DIR", help="the main charts as PNG and SVG, too")
    report.add_argument("--open", action="store_true", help="open it in the browser")
    doctor = add("doctor", "what is wrong with a warehouse, mended where it can be", doctor_command)
    doctor.add_argument("--sweep", action="store_true", help="remove old snapshots at once, without their grace time")
    export = add("export", "the tables in other formats, for lakes and tools elsewhere", export_command)
    export.add_argument("--format", choices=("csv", "jsonl", "delta", "iceberg"), required=True)
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder of its own; emptied first")
    export.add_argument("--table", action="append", default=[], metavar="NAME", help="only this table (again for more)")
    serve = add("serve", "run on a schedule against a Prefect server", serve_command)
    _run_arguments(serve)
    serve.add_argument(
        "--cron", default=from_environment("CRON", "0 * * * *"), help="when to run (default: %(default)s)"
    )
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="files and folders (default: seeds/raw)")
    parser.add_argument(
        "--workers",
        default=from_environment("WORKERS", "0"),
        metavar="N",
        help="worker processes (default: one a processor)",
    )
    parser.add_argument(
        "--memory",
        default=from_environment("MEMORY", "") or None,
        metavar="SIZE",
        help="what a run may hold in all its processes, like 2GB (default: not bounded)",
    )
    parser.add_argument(
        "--lexicon",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of seed tables that adds to and replaces the built-in ones",
    )
    parser.add_argument(
        "--map",
        default=from_environment("MAP", ""),
        metavar="FIELD=COLUMN,...",
        help="which columns of an export hold title, text, html, date, outlet, url, byline, language, key; remembered for "
        "these INPUTs; `none` forgets it",
    )
    parser.add_argument(
        "--report",
        action="store_true",
        default=from_environment("REPORT", "") not in ("", "0"),
        help="write DIR/report.html at the end",
    )
    parser.add_argument("--prune", action="store_true", help="forget inputs that are gone from the given folders")
    parser.add_argument(
        "--max-document",
        default=from_environment("MAX_DOCUMENT", "50MB"),
        metavar="SIZE",
        help="a larger file is rejected (default: %(default)s)",
    )


def _settings(args: argparse.Namespace) -> Settings:
    if not str(args.workers).isdigit():
        raise UsageError(f"--workers must be 0 (one a processor) or more, not {args.workers!r}")
    inputs = tuple(args.inputs) or _default_inputs()
    memory = None
    if args.memory:
        parse_size(args.memory)
        memory = args.memory
    return Settings(
        args.warehouse,
        inputs,
        int(args.workers),
        memory,
        tuple(args.lexicon),
        parse_mapping(args.map),
        args.prune,
        parse_size(args.max_document),
        cron=getattr(args, "cron", ""),
        report=args.report,
    )


def _default_inputs() -> tuple[str, ...]:
    if not Path("seeds/raw").is_dir():
        raise UsageError("no input; name files or folders: warwire run FOLDER")
    return ("seeds/raw",)


# ------------------------------------------------------------------ run
def run_command(args: argparse.Namespace) -> int:
    """`warwire run`."""
    settings = _settings(args)
    from flows.ending import ended_by_signals

    with ended_by_signals():
        outcome = _run_inline(settings) if args.inline else _run_flow(settings)
    _print_outcome(outcome, settings)
    if settings.report:
        print(f"Report: {_short(settings.warehouse / 'report.html')}")
    return OK


def _run_inline(settings: Settings) -> Outcome:
    from flows.inline import Inline
    from flows.steps import run_steps

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
        print("Starting Prefect's own server for this run (10 to 40 seconds) ...", file=sys.stderr, flush=True)
    from flows.build import OUTCOMES, PrefectTrouble, build_warehouse
    from flows.schedule import parameters_of
    from flows.steps import Outcome

    try:
        return Outcome(**build_warehouse(**parameters_of(settings)))
    except PrefectTrouble as error:
        LOST.append(error)
        if OUTCOMES:
            OUTCOMES[-1].notes.append(f"the Prefect server was lost ({type(error).__name__}: {error}): it does not show how this run ended")
            return OUTCOMES[-1]
        raise UsageError(f"Prefect failed ({type(error).__name__}: {error}); run with --inline to do without it") from error


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
        print(f"note: {outcome.not_read} article(s) in languages the lexicon has no names for are kept and not read")
    what = (
        ", ".join(f"{c[k]} {k}" for k in ("added", "changed", "unchanged", "removed", "rejected") if c[k]) or "nothing"
    )
    print(f"{c['inputs']} inputs: {what}.")
    print(
        f"{c['articles']} articles in {c['stories']} stories, {c['paragraphs_kept']} of {c['paragraphs']} paragraphs kept, {c['mentions']} mentions."
    )
    state = "A new snapshot is current" if outcome.outcome == "published" else "Nothing new: the snapshot stays"
    print(f"{state}: {_short(settings.warehouse)}/warehouse.duckdb")
    where = _short(settings.warehouse)
    where = "" if where == "data/warehouse" else f" --warehouse {shlex.quote(where)}"
    print(f'Next: warwire sql "select * from mentions_per_town"{where}')


SHOWN = 5  # rejected files of one kind that have a line each; more of them have one together


def _print_rejected(rejected: Sequence[tuple[str, str, str, int]]) -> None:
    """A line for each reject; one for all of a kind where a container has several, or the files are many."""
    from flows.inputs import container_of

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
            print(f"rejected {number:,} records of {container!r}: {reason}, such as {names[0]} ({found[0][1]})")
        else:
            such = ", ".join(repr(uri) for uri, *_ in found[:3])
            print(f"rejected {number:,} files: {reason}, such as {such} ({found[0][1]}); all of them: warwire sql \"from rejects\"")


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


def doctor_command(args: argparse.Namespace) -> int:
    """`warwire doctor`: one line a thing looked at; 1 where something is left to do."""
    from transforms.pipeline import TABLES
    from warehouse.doctor import examine
    from warehouse.lake import GRACE_SECONDS, Lake

    lake = Lake(Path(os.path.abspath(args.warehouse)))
    if not lake.is_ours():
        raise UsageError(f"no warehouse at {lake.root}; build one with: warwire run INPUT --warehouse {lake.root}")
    with lake.lock():
        findings = examine(lake, TABLES, 0.0 if args.sweep else GRACE_SECONDS)
    for finding in findings:
        print(f"{finding.state:<7} {finding.what}")
    return FAILED if any(f.state == "left" for f in findings) else OK


def export_command(args: argparse.Namespace) -> int:
    """`warwire export`."""
    from transforms.pipeline import TABLES
    from warehouse.catalog import open_catalog
    from warehouse.export import export_tables
    from warehouse.lake import Lake

    known = {t.name: t for t in TABLES}
    if unknown := [n for n in args.table if n not in known]:
        raise UsageError(f"no table {unknown[0]!r}; the tables are {', '.join(known)}")
    out = Path(os.path.abspath(args.out))
    with open_catalog(Lake(args.warehouse), lambda: TABLES, writes=[out]) as connection:
        for name, rows in export_tables(connection, [known[n] for n in args.table or known], args.format, out):
            print(f"{name}: {rows} rows")
    print(f"Written to {args.out}")
    return OK


def serve_command(args: argparse.Namespace) -> int:
    """`warwire serve`."""
    settings = _settings(args)
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


# ------------------------------------------------------------------ questions
def _tables() -> Sequence[Table]:
    from transforms.pipeline import TABLES

    return TABLES


def sql_command(args: argparse.Namespace) -> int:
    """`warwire sql`."""
    from flows.show import print_rows, prompt
    from warehouse.catalog import open_catalog
    from warehouse.lake import Lake

    described = args.query is None or "comment" in args.query.lower()
    with open_catalog(Lake(args.warehouse), _tables, commented=described) as connection:
        if args.query is None:
            return OK if prompt(connection) else FAILED
        print_rows(connection, args.query, args.format, args.brief)
    return OK


def explain_command(args: argparse.Namespace) -> int:
    """`warwire explain`."""
    from flows.show import print_behind, print_explained, print_story
    from warehouse.catalog import open_catalog
    from warehouse.explain import explain_id, explain_number, explain_story
    from warehouse.lake import Lake

    with open_catalog(Lake(args.warehouse), _tables) as connection:
        if args.keys:
            print_behind(explain_number(connection, args.what, args.keys, args.limit))
        else:
            for found in explain_id(connection, _tables(), args.what)[: args.limit]:
                print_explained(found)
                if found.table == "stories":
                    print_story(*explain_story(connection, found.row["story_id"]), args.limit)
    return OK


def check_command(args: argparse.Namespace) -> int:
    """`warwire check`."""
    from warehouse.catalog import open_catalog
    from warehouse.checks import run_checks
    from warehouse.lake import Lake

    with open_catalog(Lake(args.warehouse), _tables) as connection:
        answers = run_checks(connection, _tables())
    for answer in answers:
        state = "ok" if not answer.rows else answer.severity.upper()
        print(
            f"{state:<5} {answer.name}: no row where {answer.about}"
            if not answer.rows
            else f"{state:<5} {answer.name}: {answer.about} ({answer.rows} rows, such as {answer.examples})"
        )
    return FAILED if any(a.failed for a in answers) else OK


def lexicon_command(args: argparse.Namespace) -> int:
    """`warwire lexicon check DIR` and `warwire lexicon suggest`."""
    from flows.versions import lexicon_of

    if args.what == "suggest":
        from flows.show import print_suggestions
        from warehouse.catalog import open_catalog, unknown_names
        from warehouse.lake import Lake

        with open_catalog(Lake(args.warehouse), _tables) as connection:
            print_suggestions(unknown_names(connection, args.limit), lexicon_of(tuple(args.lexicon)), args.format)
        return OK
    if args.folder is None:
        raise UsageError("name the folder: warwire lexicon check DIR")
    from transforms.names.check import find_faults
    from transforms.tables.seeds import SEED_TABLES
    from warehouse.seeds import read_lines, read_seeds, seed_folders

    own, unreadable = read_lines(args.folder, SEED_TABLES)
    faults = unreadable
    if not unreadable:
        seeds = read_seeds(seed_folders((*args.lexicon, args.folder)), SEED_TABLES)
        faults = [(f"{f.table}.csv", f.line, f.message) for f in find_faults(own, seeds)]
    for name, line, message in faults:
        print(f"{args.folder / name}:{line}: {message}")
    lines = sum(map(len, own.values()))
    print(f"{lines} lines in {len(own)} tables: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}")
    return FAILED if faults else OK


if __name__ == "__main__":
    sys.exit(main())
