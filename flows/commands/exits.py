"""What a command says when it fails, and the code it ends with."""

from __future__ import annotations

import sys
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING

from flows.commands.plain import plain

if TYPE_CHECKING:
    pass


OK, FAILED, USAGE, BUSY = 0, 1, 2, 3


def say_of(error: Exception) -> int:
    """One line for the errors that have a remedy; others are shown whole."""
    import duckdb

    from transforms.names.entity import LexiconError
    from warehouse.manifest import NotAWarehouse, WarehouseBusy, WarehouseError
    from warehouse.seeds import SeedError

    if isinstance(error, WarehouseBusy):
        return say(error, BUSY)
    if isinstance(error, SeedError | LexiconError | NotAWarehouse):
        return say(error, USAGE)
    if isinstance(error, duckdb.IOException):
        return say(
            f"{error}\nwarwire: a file of the warehouse is missing or damaged; `warwire run` with its inputs mends it",
            FAILED,
        )
    if isinstance(error, WarehouseError | duckdb.Error):
        return say(error, FAILED)
    if type(error).__name__ == "CheckFailed":
        return say(f"a check failed, the old snapshot stays: {error}", FAILED)
    if isinstance(error, BrokenExecutor):
        return say(
            "a worker process was killed, most likely for want of memory; the warehouse is as it was; "
            "run again with fewer --workers or with --memory",
            FAILED,
        )
    if isinstance(error, OSError):
        return say(f"{error}; the warehouse is as it was", FAILED)
    raise error


def say(message: object, code: int) -> int:
    """Print one line to standard error; the code."""
    print(f"warwire: {plain(str(message))}", file=sys.stderr)
    return code
