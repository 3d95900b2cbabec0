"""DuckDB with bounds: how much it may hold, and where it puts the rest."""

from __future__ import annotations

from pathlib import Path

import duckdb


def connect(
    memory: str | None, spill: Path, path: Path | None = None, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A database (in memory where no path is given) that holds as much as `memory` says and spills to a folder."""
    config: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": False}
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
    bound(connection, memory, spill)
    return connection


def bound(connection: duckdb.DuckDBPyConnection, memory: str | None, spill: Path) -> None:
    """Hold no more than `memory` (DuckDB's own bound where it is None) and spill to a folder, made where it is missing."""
    spill.mkdir(parents=True, exist_ok=True)
    connection.execute("set temp_directory = $spill", {"spill": str(spill / "spill")})
    if memory:
        connection.execute("set memory_limit = $memory", {"memory": memory})
        connection.execute("set enable_external_file_cache = false")  # what it keeps of files is room that queries miss
