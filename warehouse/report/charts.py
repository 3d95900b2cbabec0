"""The charts of the report, as Vega-Lite specifications over a data set called rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Okabe and Ito (2008), told apart with any colour vision; the yellow left out, which is lost on white
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#7A5195")
OTHER = "#8A8F98"
MAP_CHART = "map"
Spec = dict[str, Any]


def colours(found: Mapping[str, Any]) -> dict[str, str]:
    """A hue for each listed force, the same in every chart; those past the palette share grey."""
    return {f["name"]: PALETTE[i] if i < len(PALETTE) else OTHER for i, f in enumerate(found["forces"])}


def chart_specs(found: Mapping[str, Any]) -> dict[str, Spec]:
    """Every chart, by name."""
    hues = colours(found)
    by_force = {"field": "name", "type": "nominal", "legend": None, "scale": {"domain": list(hues), "range": list(hues.values())}}  # fmt: skip
    plain = {"value": PALETTE[0]}
    return {
        "time": _time(),
        "forces": _bars("Mentions", by_force),
        "towns": _bars("Mentions", plain),
        "outlets": _bars("Articles", plain),
        MAP_CHART: _map(found),
        "matrix": _matrix("town"),
        "by_outlet": _matrix("outlet"),
    }


def _bars(title: str, colour: Spec) -> Spec:
    return {
        "data": {"name": "rows"},
        "width": "container",
        "height": {"step": 21},
        "mark": {"type": "bar", "cursor": "pointer", "cornerRadiusEnd": 2},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": {"field": "rank", "op": "min"}, "title": None, "axis": {"labelLimit": 190, "ticks": False, "domain": False}},
            "x": {"field": "mentions", "type": "quantitative", "title": title, "axis": {"tickMinStep": 1, "format": ",d", "grid": True}},
            "color": colour,
            "opacity": {"condition": {"test": "datum.faded", "value": 0.35}, "value": 1},
            "tooltip": [{"field": "name", "title": "Name"}, {"field": "mentions", "title": title, "format": ",d"},
                        {"field": "articles", "title": "Articles", "format": ",d"}],
        },
    }  # fmt: skip


def _time() -> Spec:
    return {
        "data": {"name": "rows"},
        "width": "container",
        "height": 150,
        "mark": {"type": "bar", "color": PALETTE[0]},
        "encoding": {
            "x": {"field": "period", "type": "ordinal", "title": None, "sort": {"field": "i", "op": "min"}, "axis": {"labelAngle": -45, "labelOverlap": True}},
            "y": {"field": "articles", "type": "quantitative", "title": "Articles", "axis": {"tickMinStep": 1, "format": ",d"}},
            "opacity": {"condition": {"test": "datum.faded", "value": 0.3}, "value": 1},
            "tooltip": [{"field": "period", "title": "Period"}, {"field": "articles", "title": "Articles", "format": ",d"}],
        },
    }  # fmt: skip


def _map(found: Mapping[str, Any]) -> Spec:
    lines = [
        {"type": "Feature", "properties": {"kind": kind}, "geometry": {"type": "MultiLineString", "coordinates": found["lines"][kind]}}
        for kind in ("coast", "border")
    ]  # fmt: skip
    return {
        "width": "container",
        "height": 420,
        "projection": {"type": "mercator"},
        "datasets": {"lines": lines},
        "layer": [
            {
                "data": {"name": "lines"},
                "mark": {"type": "geoshape", "filled": False, "strokeWidth": 1, "tooltip": None},
                "encoding": {
                    "stroke": {"condition": {"test": "datum.properties.kind === 'coast'", "value": "#7A93A8"}, "value": "#A9A9A9"},
                    "strokeDash": {"condition": {"test": "datum.properties.kind === 'coast'", "value": [1, 0]}, "value": [4, 3]},
                },
            },
            {
                "data": {"name": "rows"},
                "mark": {"type": "circle", "color": PALETTE[1], "opacity": 0.65, "stroke": "white", "strokeWidth": 0.6, "cursor": "pointer"},
                "encoding": {
                    "longitude": {"field": "longitude", "type": "quantitative"},
                    "latitude": {"field": "latitude", "type": "quantitative"},
                    "size": {"field": "mentions", "type": "quantitative", "legend": {"title": "Mentions", "orient": "bottom-right", "tickCount": 3}, "scale": {"rangeMax": 1100}},
                    "tooltip": [{"field": "name", "title": "Town"}, {"field": "mentions", "format": ",d"}, {"field": "articles", "format": ","}],
                },
            },
            {
                "data": {"name": "rows"},
                "transform": [{"window": [{"op": "rank", "as": "rank"}], "sort": [{"field": "mentions", "order": "descending"}]}, {"filter": "datum.rank <= 10"}],
                "mark": {"type": "text", "dy": -11, "fontSize": 11},
                "encoding": {
                    "longitude": {"field": "longitude", "type": "quantitative"},
                    "latitude": {"field": "latitude", "type": "quantitative"},
                    "text": {"field": "name"},
                },
            },
        ],
    }  # fmt: skip


def _matrix(across: str) -> Spec:
    return {
        "data": {"name": "rows"},
        "width": "container",
        "height": {"step": 22},
        "mark": {"type": "rect", "cursor": "pointer"},
        "encoding": {
            "y": {"field": "force", "type": "nominal", "sort": {"field": "f", "op": "min"}, "title": None, "axis": {"labelLimit": 190, "ticks": False, "domain": False}},
            "x": {"field": across, "type": "nominal", "sort": {"field": across[0], "op": "min"}, "title": None, "axis": {"labelAngle": -40, "labelLimit": 110, "orient": "top", "ticks": False, "domain": False}},
            "color": {"field": "articles", "type": "quantitative", "title": "Articles", "scale": {"scheme": "viridis", "reverse": True, "zero": True}},
            "tooltip": [{"field": "force", "title": "Force"}, {"field": across, "title": across.title()}, {"field": "articles", "title": "Articles", "format": ",d"}],
        },
    }  # fmt: skip
