"""The options of a run, and the settings they make."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings, UsageError, from_environment, parse_mapping, parse_size

if TYPE_CHECKING:
    pass


def positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


def run_arguments(parser: argparse.ArgumentParser) -> None:
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
    parser.add_argument(
        "--prune", action="store_true", help="forget inputs that are gone from the given folders"
    )
    parser.add_argument(
        "--max-document",
        default=from_environment("MAX_DOCUMENT", "50MB"),
        metavar="SIZE",
        help="a larger file is rejected (default: %(default)s)",
    )


def settings_of(args: argparse.Namespace) -> Settings:
    if not str(args.workers).isdigit():
        raise UsageError(f"--workers must be 0 (one a processor) or more, not {args.workers!r}")
    inputs = tuple(args.inputs) or _default_inputs()
    memory = None
    if args.memory:
        parse_size(args.memory)
        memory = args.memory
    return Settings(
        warehouse=args.warehouse,
        inputs=inputs,
        workers=int(args.workers),
        memory=memory,
        lexicon=tuple(args.lexicon),
        mapping=parse_mapping(args.map),
        prune=args.prune,
        max_document=parse_size(args.max_document),
        cron=getattr(args, "cron", ""),
        report=args.report,
    )


def _default_inputs() -> tuple[str, ...]:
    if not Path("seeds/raw").is_dir():
        raise UsageError("no input; name files or folders: warwire run FOLDER")
    return ("seeds/raw",)
