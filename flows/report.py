"""The report, written from a warehouse as it stands."""

from __future__ import annotations

from pathlib import Path

from transforms.pipeline import TABLES
from warehouse.catalog import open_catalog
from warehouse.files import replace_text
from warehouse.lake import Lake
from warehouse.report import draw, gather, render


def write_report(
    warehouse: Path, out: Path | None = None, pictures: Path | None = None
) -> tuple[Path, list[Path]]:
    """Write the report to `out`, by default DIR/report.html, and its main charts into a folder where one is named: (the
    file, the pictures). Raises WarehouseError where there is no warehouse."""
    lake = Lake(warehouse)
    with open_catalog(lake, lambda: TABLES) as connection:
        found = gather(connection, lake.current() or "")
    path = out or lake.root / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, render(found))
    return path, draw(found, pictures) if pictures else []
