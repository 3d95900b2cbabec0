"""DuckDB with bounds: how much it may hold, where it puts the rest, and which files it may touch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

GLOB = str.maketrans({c: f"[{c}]" for c in "*?["})


def connect(
    memory: str | None, spill: Path | None, path: Path | None = None, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A database (in memory where no path is given) that holds as much as `memory` says and spills to a folder, to the
    system's folder for temporary files where none is given."""
    config: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": False}
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
    spill = spill or Path(tempfile.gettempdir())
    spill.mkdir(parents=True, exist_ok=True)
    connection.execute("set temp_directory = $spill", {"spill": str(spill / "spill")})
    if memory:
        connection.execute("set memory_limit = $memory", {"memory": memory})
        connection.execute(
            "set enable_external_file_cache = false"
        )  # what it keeps of files is room that queries miss
    return connection


def confine(connection: duckdb.DuckDBPyConnection, folders: Iterable[Path]) -> None:
    """Let a connection read and write files below these folders and nowhere else, from now on."""
    allowed = [form for folder in folders for form in dict.fromkeys((str(folder), as_glob(folder)))]
    connection.execute("set allowed_directories = $allowed", {"allowed": allowed})
    connection.execute("set enable_external_access = false")


def as_glob(path: Path) -> str:
    """A path as DuckDB takes it where it would look for patterns.

    >>> as_glob(Path("/data/a*b[1]"))
    '/data/a[*]b[[]1]'
    """
    return str(path).translate(GLOB)


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted_files(files: Sequence[Path]) -> str:
    """A list of files for `read_parquet`, each of them taken for what it is."""
    return "[" + ", ".join(quoted(as_glob(f)) for f in files) + "]"
