"""The command line. Nothing here imports Prefect until a run asks for it: `sql` and `explain` start at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.plain import Plain
from flows.settings import UsageError, from_environment

if TYPE_CHECKING:
    pass
from flows.commands.ask import (
    check_command,
    doctor_command,
    explain_command,
    export_command,
    lexicon_command,
    sql_command,
)
from flows.commands.exits import OK, USAGE, say, say_of
from flows.commands.make import LOST, report_command, run_command, serve_command
from flows.commands.options import positive, run_arguments


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
        return say(error, USAGE)
    except BrokenPipeError:  # the reader of our output closed it: `warwire sql ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        from flows.ending import SAID, STOPPED

        return say(SAID, STOPPED)
    except Exception as error:
        return say_of(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warwire",
        description="From raw news about armed conflict to tables an analyst can stand behind.",
    )
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(name: str, about: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(command=command)
        sub.add_argument(
            "--warehouse",
            type=Path,
            default=Path(from_environment("WAREHOUSE", "data/warehouse")),
            metavar="DIR",
            help="the warehouse's folder (default: %(default)s)",
        )
        return sub

    run = add("run", "read news files and folders into the warehouse", run_command)
    run_arguments(run)
    run.add_argument(
        "--inline", action="store_true", help="the same steps as plain functions, without Prefect"
    )
    sql = add("sql", "one query over the warehouse, or a prompt", sql_command)
    sql.add_argument("query", nargs="?", metavar="QUERY")
    sql.add_argument(
        "--format",
        choices=("table", "csv", "json", "parquet"),
        default="table",
        help="how to print the rows (default: %(default)s)",
    )
    sql.add_argument(
        "--brief", action="store_true", help="leave out columns that are empty or the same in every row"
    )
    explain = add("explain", "where a row, or a number in a view, comes from", explain_command)
    explain.add_argument("what", metavar="ID|VIEW", help="a row's id, or a view")
    explain.add_argument("keys", nargs="*", metavar="KEY[=VALUE]", help="which row of the view")
    explain.add_argument(
        "--limit", type=positive, default=20, help="rows shown at the most (default: %(default)s)"
    )
    add("check", "the data-quality checks over what stands", check_command)
    lexicon = add("lexicon", "check a lexicon of yours, or get proposals for one", lexicon_command)
    lexicon.add_argument("what", choices=("check", "suggest"))
    lexicon.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="the folder of seed tables to check"
    )
    lexicon.add_argument(
        "--lexicon", type=Path, action="append", default=[], metavar="DIR", help="as for run"
    )
    lexicon.add_argument(
        "--limit", type=positive, default=50, help="proposals at the most (default: %(default)s)"
    )
    lexicon.add_argument("--format", choices=("table", "csv", "json"), default="table")
    report = add("report", "one HTML file to look at: where, when, who, and who says so", report_command)
    report.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write it (default: DIR/report.html)"
    )
    report.add_argument("--png", type=Path, metavar="DIR", help="the main charts as PNG and SVG, too")
    report.add_argument("--open", action="store_true", help="open it in the browser")
    doctor = add("doctor", "what is wrong with a warehouse, mended where it can be", doctor_command)
    doctor.add_argument(
        "--sweep", action="store_true", help="remove old snapshots at once, without their grace time"
    )
    export = add("export", "the tables in other formats, for lakes and tools elsewhere", export_command)
    export.add_argument("--format", choices=("csv", "jsonl", "delta", "iceberg"), required=True)
    export.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a folder of its own; emptied first"
    )
    export.add_argument(
        "--table", action="append", default=[], metavar="NAME", help="only this table (again for more)"
    )
    serve = add("serve", "run on a schedule against a Prefect server", serve_command)
    run_arguments(serve)
    serve.add_argument(
        "--cron", default=from_environment("CRON", "0 * * * *"), help="when to run (default: %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
