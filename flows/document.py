"""`python -m flows.document FILE`: write the data dictionary."""

from __future__ import annotations

import sys
from pathlib import Path

from transforms.pipeline import TABLES
from warehouse.dictionary import render_dictionary

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_dictionary(TABLES), encoding="utf-8")
