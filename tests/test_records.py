"""Figures, attributions, quotes and events: cases as data, and the rows a warehouse gets of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, build, query, write_files

from transforms.article import Article
from transforms.language.times import find_times
from transforms.names.lexicon import Lexicon
from transforms.names.name import Name
from transforms.records.attributions import find_attributions
from transforms.records.events import find_events
from transforms.records.figures import find_figures
from transforms.records.quotes import find_quotes

CASES = [
    json.loads(line)
    for line in (ROOT / "tests" / "cases" / "records.jsonl").read_text(encoding="utf-8").splitlines()
]
PUBLISHED = date(2017, 11, 9)  # a Thursday


def telling_of(text: str, lexicon: Lexicon, published: date | None = PUBLISHED) -> Article:
    return Article.plain(text, lexicon, published)


def named(found: Name | None) -> str | None:
    return found.entity.entity_id if found and found.entity else None


def figures(t: Article) -> list[list[Any]]:
    return [[f.measure, f.low, f.high, f.bound, named(f.force)] for f in find_figures(t)]


def attributions(t: Article) -> list[list[Any]]:
    return [[a.claimant, a.claimant_id, a.cue, a.stance] for a in find_attributions(t)]


def quotes(t: Article) -> list[list[Any]]:
    return [
        [t.text[q.start : q.end], q.by.claimant if q.by else None, q.kind]
        for q in find_quotes(t, find_attributions(t))
    ]


def events(t: Article) -> list[list[Any]]:
    return [
        [e.event_type, named(next(iter(e.actors), None)), named(next(iter(e.targets), None)), named(e.place),
         e.time.first.isoformat() if e.time and e.time.first else None, e.status]
        for e in find_events(t, find_attributions(t))
    ]  # fmt: skip


KINDS: dict[str, Callable[[Article], list[list[Any]]]] = {
    "figures": figures, "attributions": attributions, "quotes": quotes, "events": events,
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_records(case: dict[str, Any], lexicon: Lexicon) -> None:
    told = telling_of(case["text"], lexicon)
    for kind, find in KINDS.items():
        if kind in case:
            found = find(told)
            assert [f for f in found if f in case[kind] or not case.get("among")] == case[kind], kind
    if "types" in case:
        assert [[a.claimant, a.claimant_type] for a in find_attributions(told)] == case["types"]
    if "via" in case:
        assert [named(a.via) for a in find_attributions(told)] == [case["via"]]


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("on Thursday", "2017-11-09", "2017-11-09", "day"),
        ("last Thursday", "2017-11-02", "2017-11-02", "day"),
        ("late on Sunday", "2017-11-05", "2017-11-05", "day"),
        ("will meet on Monday", "2017-11-13", "2017-11-13", "day"),
        ("overnight", "2017-11-08", "2017-11-09", "range"),
        ("earlier this week", "2017-11-06", "2017-11-12", "week"),
        ("since Friday", "2017-11-03", "2017-11-09", "range"),
        ("in September", "2017-09-01", "2017-09-30", "month"),
        ("in December", "2016-12-01", "2016-12-31", "month"),
        ("in June", "2017-06-01", "2017-06-30", "month"),
        ("ten days ago", "2017-10-30", "2017-10-30", "day"),
        ("On Friday he left; three days earlier", "2017-10-31", "2017-10-31", "day"),
        ("this year", "2017-01-01", "2017-12-31", "year"),
        ("12 August", "2017-08-12", "2017-08-12", "day"),
        ("25 December", "2016-12-25", "2016-12-25", "day"),
        ("in 2014", "2014-01-01", "2014-12-31", "year"),
        ("in early October", "2017-10-01", "2017-10-10", "month"),
        ("during Ramadan", None, None, "unknown"),
        ("over the past three days", "2017-11-06", "2017-11-09", "range"),
        ("within the last 48 hours", "2017-11-07", "2017-11-09", "range"),
        ("in the last fortnight", "2017-10-26", "2017-11-09", "range"),
        ("in the past two months", "2017-09-09", "2017-11-09", "range"),
        ("for the next ten days", "2017-11-09", "2017-11-19", "range"),
        ("from 3 to 7 October", "2017-10-03", "2017-10-07", "range"),
        ("between October 3 and 7, 2016", "2016-10-03", "2016-10-07", "range"),
        ("from Monday to Wednesday", "2017-11-06", "2017-11-08", "range"),
        ("between Friday and Monday", "2017-11-03", "2017-11-06", "range"),
        ("from Sunday until Tuesday", "2017-11-05", "2017-11-07", "range"),
        ("from May 3 to 20 June", "2017-05-03", "2017-06-20", "range"),
        ("between 27 April and 18 May", "2017-04-27", "2017-05-18", "range"),
        ("from March to May 2016", "2016-03-01", "2016-05-31", "range"),
        ("from 28 December to 3 January 2016", "2015-12-28", "2016-01-03", "range"),
        ("between 2012 and 2014", "2012-01-01", "2014-12-31", "range"),
        ("on Monday and Wednesday", "2017-11-08", "2017-11-08", "day"),  # two days, no range
        ("on 4 October to 8 villages", "2017-10-04", "2017-10-04", "day"),
        ("the day before yesterday", "2017-11-07", "2017-11-07", "day"),
        ("the day after tomorrow", "2017-11-11", "2017-11-11", "day"),
        ("on Friday last week", "2017-11-03", "2017-11-03", "day"),
        ("on Monday of this week", "2017-11-06", "2017-11-06", "day"),
        ("two Fridays ago", "2017-10-27", "2017-10-27", "day"),
        ("a fortnight ago", "2017-10-23", "2017-10-29", "week"),
        ("over the weekend", "2017-11-04", "2017-11-05", "range"),
        ("will go on over the weekend", "2017-11-11", "2017-11-12", "range"),
        ("will leave this Saturday", "2017-11-11", "2017-11-11", "day"),
        ("On Sunday the army will leave", "2017-11-12", "2017-11-12", "day"),
        ("On Sunday he said the army will leave", "2017-11-05", "2017-11-05", "day"),
        ("on Sunday and the army will leave", "2017-11-05", "2017-11-05", "day"),
        ("the largest raid in the past ten years was on Monday", "2017-11-06", "2017-11-06", "day"),
    ],
)
def test_times(text: str, first: str | None, last: str | None, precision: str) -> None:
    found = find_times(text, PUBLISHED)[-1]
    assert (
        found.first and found.first.isoformat(),
        found.last and found.last.isoformat(),
        found.precision,
    ) == (
        first,
        last,
        precision,
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("two days before the truce of September 14.", "2017-09-12"),
        ("a week after the raid on 3 May", "2017-05-08"),  # a week: its Monday
        ("two days before. On 3 May they left", None),
        ("two days before the raid, on 3 May", None),
    ],
)
def test_days_are_counted_from_a_day_told_after_them(text: str, first: str | None) -> None:
    counted = [t for t in find_times(text, PUBLISHED) if t.basis == "counted"]
    assert [str(t.first) for t in counted] == ([first] if first else [])


def test_the_largest_of_ten_years_is_no_time() -> None:
    assert find_times("the largest operation in the past 10 years", PUBLISHED) == []


def test_without_an_article_date_only_full_dates_have_days() -> None:
    found = find_times("On Monday, in March 2016 and on 5 May 2015", None)
    assert [(t.precision, t.basis) for t in found] == [
        ("unknown", "no_article_date"),
        ("month", "written"),
        ("day", "written"),
    ]


ARTICLE = """Fighting goes on

21-07-2017
Rudaw

ERBIL – The Syrian army captured the town of Hajin from ISIS on Monday, the Syrian Observatory for Human Rights said. At least 15 ISIS fighters were killed.

“We are in the town,” said Karim Nasser, a spokesman for the Syrian army. “The rest will follow.”
"""  # fmt: skip
OTHER = ARTICLE.replace("Rudaw", "The Guardian").replace("At least 15", "Ten").replace("Fighting goes on", "A town falls").replace("ERBIL – ", "A long way from here, where nobody goes in summer and few in winter, men in lorries came and went all week. ")  # fmt: skip


def test_rows_are_linked_and_views_count_them(tmp_path: Path) -> None:
    files = {"a.txt": ARTICLE}
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    w = tmp_path / "w"
    assert query(w, "select measure, low, force_id, e.event_type, t.claimant_id from figures f left join events e using (event_id) left join attributions t on t.attribution_id = f.attribution_id") == [("killed", 15.0, "islamic_state", None, None)]  # fmt: skip
    assert query(w, "select gained_by, lost_by, day::varchar, claimant from control_timeline") == [("syrian_government_forces", "islamic_state", "2017-07-17", "Syrian Observatory for Human Rights")]  # fmt: skip
    assert query(w, "select speaker, quotes, speaker_id from quotes_by_speaker") == [
        ("Karim Nasser", 2, "syrian_government_forces")
    ]
    assert ("sohr", 1) in query(w, "select claimant, claims from claims_by_claimant")
    assert query(w, "select force_id, measure, lowest from figures_by_force") == [
        ("islamic_state", "killed", 15.0)
    ]
    assert query(w, "select place_id, event_type, told_as_fact from events_by_town") == [
        ("hajin", "territory_gained", 1)
    ]
    assert query(w, "select count(*) from events where event_key is not null") == [(1,)]


def test_figures_of_different_stories_that_do_not_meet_are_in_conflict(tmp_path: Path) -> None:
    one = "One report\n\n21-07-2017\nRudaw\n\nTwelve civilians were killed in Raqqa in Syria on Monday, doctors said.\n"
    two = "Another report\n\n21-07-2017\nThe Guardian\n\nOn Monday at least 30 civilians were killed in Raqqa, residents of the Syrian city told us by telephone.\n"
    build(tmp_path / "w", write_files(tmp_path / "in", {"a.txt": one, "b.txt": two}))
    rows = query(
        tmp_path / "w", "select measure, place_id, high_a, low_b, claimant_a from figures_in_conflict"
    )
    assert rows == [("killed", "raqqa", 12.0, 30.0, "doctors")]
