"""The options of a run on the command line, and the settings they make."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.settings import OPTIONS, Settings, UsageError


def positive(text: str) -> int:
    """A number of at least one."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


def run_arguments(parser: argparse.ArgumentParser) -> None:
    """Add INPUT and the options of a run."""
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="files and folders (default: seeds/raw)")
    for option in OPTIONS:
        flag = "--" + (option.flag or option.name).replace("_", "-")
        if not option.metavar:
            parser.add_argument(
                flag, dest=option.name, action="store_true", default=option.typed, help=option.help
            )
        else:
            parser.add_argument(
                flag,
                dest=option.name,
                action="append" if option.many else "store",
                default=option.typed,
                metavar=option.metavar,
                help=option.help,
            )


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings of what was typed. Raises UsageError where it makes none."""
    return Settings(
        warehouse=args.warehouse,
        inputs=tuple(args.inputs) or _default_inputs(),
        cron=getattr(args, "cron", ""),
        **{option.name: option.read(getattr(args, option.name)) for option in OPTIONS},
    )


def _default_inputs() -> tuple[str, ...]:
    if not Path("seeds/raw").is_dir():
        raise UsageError("no input; name files or folders: warwire run FOLDER")
    return ("seeds/raw",)
