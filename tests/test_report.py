"""The report: what it counts, how large it gets, and how it behaves in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, Page, with_page
from conftest import build, query, write_files

from flows.cli import main
from flows.report import write_report

in_browser = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium on this machine (Debian's package is called chromium)"
)
ODD = (
    "<script>document.title = 'taken'</script> in Raqqa\n\n21-07-2017\nRudaw\n\nERBIL – Fighters of the SDF took Raqqa on Monday, said the “<b>commander</b>”, who "
    "is called أحمد العلي. At least 15 ISIS fighters were killed </script><img src=x onerror=alert(1)>, the Syrian Observatory for Human Rights said."
)


def data_of(page: Path) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8"), re.S
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_numbers_are_those_of_the_views(samples: Path, tmp_path: Path) -> None:
    page, _ = write_report(samples, tmp_path / "r.html")
    data = data_of(page)
    views = dict(query(samples, "select force_id, mentions from mentions_per_force"))
    assert {f["force_id"]: f["mentions"] for f in data["forces"]} == {
        k: views[k] for k in (f["force_id"] for f in data["forces"])
    }
    period, outlet, force, town, articles, of_force, of_town = data["cells"]
    for i, f in enumerate(data["forces"]):
        cells = [of_force[n] for n in range(len(articles)) if force[n] == i and town[n] == -1]
        assert sum(cells) == f["mentions"], f["name"]
    for i, t in enumerate(data["towns"]):
        cells = [of_town[n] for n in range(len(articles)) if town[n] == i and force[n] == -1]
        assert sum(cells) == t["mentions"], t["name"]
    assert (
        sum(a for a, f, t in zip(articles, force, town, strict=True) if f == t == -1)
        == data["scope"]["articles"]
    )
    assert len(period) == len(outlet) == len(articles)


def test_the_same_warehouse_gives_the_same_bytes(samples: Path, tmp_path: Path) -> None:
    one, _ = write_report(samples, tmp_path / "a.html")
    two, _ = write_report(samples, tmp_path / "b.html")
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size < 5e6


def test_an_empty_warehouse_has_a_report_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    build(tmp_path / "w", tmp_path / "in")
    assert main(["report", "--warehouse", str(tmp_path / "w"), "--png", str(tmp_path / "png")]) == 0
    assert data_of(tmp_path / "w" / "report.html")["scope"]["articles"] == 0


def test_pictures(samples: Path, tmp_path: Path) -> None:
    _, pictures = write_report(samples, tmp_path / "r.html", tmp_path / "png")
    names = {p.name for p in pictures}
    assert {"forces.png", "forces.svg", "map.png", "time.svg", "matrix.png"} <= names
    assert all(p.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" for p in pictures if p.suffix == ".png")


def test_text_cannot_leave_the_data(tmp_path: Path) -> None:
    build(tmp_path / "w", write_files(tmp_path / "in", {"odd.txt": ODD}))
    page, _ = write_report(tmp_path / "w")
    assert "<img src=x" not in page.read_text(encoding="utf-8")
    assert data_of(page)["scope"]["articles"] == 1


@in_browser
@pytest.mark.slow
def test_in_a_browser(samples: Path, tmp_path: Path) -> None:
    """Opens from its file without a network or a console error; filters change the panels; a number leads to its rows."""
    page, _ = write_report(samples, tmp_path / "r.html")

    async def use(p: Page) -> None:
        assert await p.run("document.querySelectorAll('[data-chart] svg').length") == 7
        bars = "[...document.querySelectorAll('[data-chart=towns] svg [role=graphics-symbol][aria-label]')].map(e => e.getAttribute('aria-label')).sort()"
        before = await p.run(bars)
        headline = await p.run("document.querySelector('#headline').textContent")
        assert "mentioned most" in headline
        await p.run(
            "(async () => { const s = document.querySelector('#f-force'); s.value = '1'; s.dispatchEvent(new Event('change', {bubbles: true})); await new Promise(d => setTimeout(d, 800)); })()"
        )
        assert await p.run(bars) != before
        assert "articles that name" in await p.run("document.querySelector('#shown').textContent")
        figures = await p.run("document.querySelector('#figures .scope').textContent")
        await p.run(
            "(async () => { document.querySelector('#filters button').click(); await new Promise(d => setTimeout(d, 800)); })()"
        )
        assert await p.run("document.querySelector('#figures .scope').textContent") != figures
        assert await p.run(bars) == before
        await p.run(
            "(async () => { const d = document.querySelector('[data-chart=forces] details'); d.open = true; await new Promise(d => setTimeout(d, 200)); d.querySelector('td button').click(); })()"
        )
        assert await p.run("document.querySelectorAll('#behind tbody tr').length") > 0
        ids = await p.run("[...document.querySelectorAll('#behind td code')].map(e => e.textContent)")
        assert all(re.fullmatch(r"[0-9a-f]{32}", found) for found in ids)
        unlabelled = "[...document.querySelectorAll('select, button')].filter(e => !e.closest('label') && !e.textContent.trim() && !e.getAttribute('aria-label')).length"
        assert await p.run(unlabelled) == 0
        assert await p.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        await p.picture(tmp_path / "phone.png", 390, 844)
        assert await p.run("document.documentElement.scrollWidth <= 390")
        assert p.console == []
        assert all(u.startswith(("file:", "data:", "about:", "blob:")) for u in p.asked)

    with_page(page, use)


@in_browser
@pytest.mark.slow
def test_markup_in_texts_is_shown_as_text(tmp_path: Path) -> None:
    build(tmp_path / "w", write_files(tmp_path / "in", {"odd.txt": ODD}))
    page, _ = write_report(tmp_path / "w")

    async def use(p: Page) -> None:
        assert await p.run("document.title") != "taken"
        assert await p.run("document.querySelectorAll('main img, main b:not(.tile b)').length") == 0
        text = await p.run("document.body.innerText")
        assert "<img src=x onerror=alert(1)>" in text
        assert p.console == []

    with_page(page, use)


@in_browser
@pytest.mark.slow
def test_an_empty_report_opens_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    build(tmp_path / "w", tmp_path / "in")
    page, _ = write_report(tmp_path / "w")

    async def use(p: Page) -> None:
        assert "No articles" in await p.run("document.querySelector('#headline').textContent")
        assert p.console == []

    with_page(page, use)
