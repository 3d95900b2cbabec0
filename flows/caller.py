"""How steps are called: plainly, or as Prefect tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Caller(Protocol):
    """How steps are called: plainly, or as Prefect tasks."""

    def one(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function once."""

    def each(self, name: str, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function for each tuple of arguments, in parallel where it pays; the results in order."""
