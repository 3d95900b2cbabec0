"""Shared by the tests: the built-in lexicon, and a warehouse built once from the samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pytest

from flows.inline import Inline
from flows.outcome import Outcome
from flows.run import run_steps
from flows.settings import Settings
from flows.versions import lexicon_of
from transforms.names.lexicon import Lexicon

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "seeds" / "raw"


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return lexicon_of(())


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of seeds/raw."""
    warehouse = tmp_path_factory.mktemp("samples") / "warehouse"
    build(warehouse, SAMPLES)
    return warehouse


def build(warehouse: Path, *inputs: Path, workers: int = 1, **settings: object) -> Outcome:
    """One inline run."""
    given = tuple(map(str, inputs))
    with Inline(workers) as caller:
        return run_steps(Settings(warehouse, given, workers, **settings), caller)  # type: ignore[arg-type]


def query(warehouse: Path, sql: str) -> list[tuple[object, ...]]:
    """A query's rows, as any reader gets them."""
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Files by name in a folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


Builder = Callable[..., Outcome]
