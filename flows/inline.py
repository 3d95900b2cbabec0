"""The steps called plainly, with parts in parallel processes and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def progress(name: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, a line where there is none; call what it yields once a part is done."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(name, total=total)
            yield lambda: bar.advance(task)
    else:
        print(f"{name} ..." if total == 1 else f"{name}: {total} ...", file=sys.stderr, flush=True)
        yield lambda: None


def call_in_parallel(
    function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], processes: int, done: Callable[[], None]
) -> list[Any]:
    """The function's results in the calls' order; in this process where there is one call or one worker."""
    if len(calls) < 2 or processes < 2:
        results = []
        for arguments in calls:
            results.append(function(*arguments))
            done()
        return results
    with ProcessPoolExecutor(min(processes, len(calls)), mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(function, *arguments) for arguments in calls]
        for future in as_completed(futures):
            future.result()
            done()
        return [future.result() for future in futures]


class Inline:
    """Steps as plain function calls."""

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def one(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function."""
        with progress(name, 1) as done:
            result = function(*arguments)
            done()
        return result

    def each(self, name: str, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function for every part."""
        if not calls:
            return []
        with progress(name, len(calls)) as done:
            return call_in_parallel(function, calls, self.processes, done)
