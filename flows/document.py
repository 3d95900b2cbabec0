"""`python -m flows.document FILE`: write the data dictionary, with examples from the samples."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from flows.inline import Inline
from flows.run import run_steps
from flows.settings import Settings
from transforms.pipeline import TABLES
from transforms.tables.seeds import SEED_TABLES
from warehouse.dictionary import render_dictionary

if __name__ == "__main__":
    samples = Path(__file__).resolve().parent.parent / "seeds" / "raw"
    with tempfile.TemporaryDirectory() as folder:
        run_steps(Settings(Path(folder), (str(samples),), 1), Inline(1))
        with duckdb.connect(f"{folder}/warehouse.duckdb", read_only=True) as connection:
            Path(sys.argv[1]).write_text(
                render_dictionary(TABLES, list(SEED_TABLES.values()), connection), encoding="utf-8"
            )
