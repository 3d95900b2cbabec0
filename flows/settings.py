"""One settings object, from the command line and WARWIRE_* variables."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SIZES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class UsageError(ValueError):
    """Wrong usage; the message says the remedy."""


def parse_size(text: str) -> int:
    """Bytes of a size like 50MB, 1.5 GB or 4096. Raises UsageError for anything else.

    >>> parse_size("50MB"), parse_size("1.5 gb")
    (50000000, 1500000000)
    """
    m = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", text.strip().upper())
    if not m:
        raise UsageError(f"{text!r} is no size; write one like 50MB")
    return int(float(m[1]) * SIZES[m[2]])


def parse_mapping(text: str) -> tuple[tuple[str, str], ...] | None:
    """The pairs of field=column,field=column; None for `none`, which forgets what was named before. Raises UsageError for
    anything else.

    >>> parse_mapping("title=Head line,text=Body"), parse_mapping("none")
    ((('title', 'Head line'), ('text', 'Body')), None)
    """
    if text.strip() == "none":
        return None
    pairs = []
    for part in text.split(",") if text else []:
        field, equals, column = part.partition("=")
        if field.strip() not in FIELDS or not equals or not column.strip():
            raise UsageError(
                f"--map takes field=column,... with the fields {' '.join(FIELDS)}; {part!r} is not one"
            )
        pairs.append((field.strip(), column.strip()))
    return tuple(pairs)


def written_mapping(mapping: tuple[tuple[str, str], ...] | None) -> str:
    """What `parse_mapping` reads a mapping from."""
    return "none" if mapping is None else ",".join(f"{field}={column}" for field, column in mapping)


FIELDS = ("key", "title", "text", "html", "date", "outlet", "url", "byline", "language")


OWN = 600 * 10**6  # bytes that a run's first process holds beside DuckDB, with 300,000 documents
WORKER = 600 * 10**6  # bytes that a worker holds: the libraries, the lexicon, a part and its tables


@dataclass(frozen=True)
class Settings:
    """How a run goes. `workers` 0 = as many as there are processors; sizes in bytes; `memory`, like 2GB, is what a run may hold
    in all its processes (None = not bounded); `mapping` is remembered for the inputs (None = forget what was)."""

    warehouse: Path
    inputs: tuple[str, ...] = ()
    workers: int = 0
    memory: str | None = None
    lexicon: tuple[Path, ...] = ()
    mapping: tuple[tuple[str, str], ...] | None = ()
    prune: bool = False
    max_document: int = 50 * 10**6
    grace: float = 3600.0
    cron: str = "0 * * * *"
    report: bool = False

    def __post_init__(self) -> None:
        """Folders are absolute from here on: workers and schedules run elsewhere."""
        object.__setattr__(self, "warehouse", Path(os.path.abspath(self.warehouse)))
        object.__setattr__(self, "lexicon", tuple(Path(os.path.abspath(f)) for f in self.lexicon))
        object.__setattr__(self, "inputs", tuple(os.path.abspath(i) if i else i for i in self.inputs))

    @property
    def processes(self) -> int:
        """Workers as a number of at least one; no more than `memory` has room for."""
        most = self.workers or len(os.sched_getaffinity(0))
        return max(1, min(most, (parse_size(self.memory) - OWN) // WORKER)) if self.memory else most

    @property
    def for_duckdb(self) -> str | None:
        """What of `memory` is DuckDB's, as DuckDB writes it: workers are gone while it decides over all documents, and it goes
        past its bound by a fifth (measured)."""
        if not self.memory:
            return None
        size = parse_size(self.memory)
        return f"{max((size - OWN) * 2 // 3, size // 4) // 10**6}MB"


def _workers(text: str) -> int:
    if not text.isdigit():
        raise UsageError(f"--workers must be 0 (one a processor) or more, not {text!r}")
    return int(text)


def _memory(text: str) -> str | None:
    return text if text and parse_size(text) else None


def _folders(texts: Sequence[str] | None) -> tuple[Path, ...]:
    return tuple(map(Path, texts or ()))


def _paths(folders: Sequence[Path]) -> list[str]:
    return list(map(str, folders))


@dataclass(frozen=True)
class Option:
    """An option of a run, declared once: the setting and flow parameter `name`, the flag --name (or `flag`), the variable WARWIRE_NAME,
    its help. `read` makes the setting of the text that was typed, `write` makes the flow's parameter of the setting, as JSON takes
    it, and `load` the setting of that again. Without `metavar` it is a switch; one of `many` may be given again (in the variable
    apart as paths are in PATH)."""

    name: str
    help: str
    metavar: str = ""
    default: str = ""
    read: Callable[[Any], Any] = str
    write: Callable[[Any], Any] = lambda value: value
    load: Callable[[Any], Any] = lambda value: value
    many: bool = False
    flag: str = ""

    @property
    def typed(self) -> Any:
        """What stands for it where its flag is not given: its variable, else its default."""
        given = from_environment((self.flag or self.name).upper().replace("-", "_"), self.default)
        if self.many:
            return [text for text in given.split(os.pathsep) if text]
        return given if self.metavar else given not in ("", "0")


OPTIONS = (
    Option("workers", "worker processes (default: one a processor)", "N", "0", _workers),
    Option(
        "memory",
        "what a run may hold in all its processes, like 2GB (default: not bounded)",
        "SIZE",
        "",
        _memory,
    ),
    Option(
        "lexicon",
        "a folder of seed tables that adds to and replaces the built-in ones",
        "DIR",
        read=_folders,
        write=_paths,
        load=_folders,
        many=True,
    ),
    Option(
        "mapping",
        "which columns of an export hold title, text, html, date, outlet, url, byline, language, key; remembered for these "
        "INPUTs; `none` forgets it",
        "FIELD=COLUMN,...",
        read=parse_mapping,
        write=written_mapping,
        load=parse_mapping,
        flag="map",
    ),
    Option("report", "write DIR/report.html at the end", read=bool),
    Option("prune", "forget inputs that are gone from the given folders", read=bool),
    Option("max_document", "a larger file is rejected (default: 50MB)", "SIZE", "50MB", parse_size),
)
"""The options of `run`, in the order that help shows them."""


def from_environment(variable: str, default: str) -> str:
    """WARWIRE_<VARIABLE>, or the default: what a flag says when it is not given."""
    return os.environ.get(f"WARWIRE_{variable}", default)
