"""The steps called plainly, with parts in parallel processes and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.ending import end_with_parent, end_workers


@contextmanager
def progress(name: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, a line where there is none; call what it yields once a part is done."""
    if sys.stderr.isatty():
        columns = (
            TextColumn("{task.description:<22}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(name, total=total)
            yield lambda: bar.advance(task)
    else:
        print(f"{name} ..." if total == 1 else f"{name}: {total} ...", file=sys.stderr, flush=True)
        yield lambda: None


class Inline(AbstractContextManager["Inline"]):
    """Steps as plain function calls; parts in worker processes that last until the end (`keep`), since each has the lexicon to
    build, or are gone after each step, since each holds it."""

    def __init__(self, processes: int, keep: bool = True) -> None:
        self.processes = processes
        self._keep = keep
        self._pool: ProcessPoolExecutor | None = None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # nobody waits for what the workers are at
            end_workers()
        self._close()

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def one(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function."""
        with progress(name, 1) as done:
            result = function(*arguments)
            done()
        return result

    def each(self, name: str, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function for every part; in this process where there is one part or one worker."""
        if not calls:
            return []
        with progress(name, len(calls)) as done:
            if len(calls) < 2 or self.processes < 2:
                results = []
                for arguments in calls:
                    results.append(function(*arguments))
                    done()
                return results
            self._pool = self._pool or ProcessPoolExecutor(
                self.processes, mp_context=get_context("spawn"), initializer=end_with_parent
            )
            futures = [self._pool.submit(function, *arguments) for arguments in calls]
            for future in as_completed(futures):
                future.result()
                done()
            if not self._keep:
                self._close()
            return [future.result() for future in futures]
