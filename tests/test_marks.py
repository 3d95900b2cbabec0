"""The decisions over all documents: given small sets of files, which paragraphs count and what is one story."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import build, query, write_files

BODY = [
    "The first trucks reached the bridge at noon on Tuesday, two men who were there said.",
    "Guards let them pass after an hour and counted the crates, a third man said.",
    "By evening the road was closed again and nobody could say when it would open.",
]
PROMO = "Our newsletter of the river region comes every Friday and costs nothing at all to read."


def article(
    n: int,
    *,
    outlet: str = "Rudaw",
    day: str = "21-07-2017",
    body: list[str] | None = None,
    extra: tuple[str, ...] = (),
) -> str:
    own = body or [
        f"In village number {n} the {w} stood for {n + 3} days before anyone came, people said."
        for w in ("mill", "school", "well")
    ]
    return "\n\n".join([f"Report of day {n} from the river", f"{day}\n{outlet}", *own, *extra]) + "\n"


def kept(warehouse: Path) -> list[str]:
    return [
        str(t)
        for (t,) in query(
            warehouse,
            "select text from paragraphs where kept and kind <> 'title' order by document_id, position",
        )
    ]


def test_a_second_printing_goes_and_what_only_it_holds_stays(tmp_path: Path) -> None:
    new = "A driver who came later said that he had seen nobody at the bridge."
    again = [BODY[0].replace(",", " ,"), new, BODY[1] + ".", BODY[2]]
    build(tmp_path / "w", write_files(tmp_path / "in", {"a.txt": "\n".join(["Trucks", *BODY, *again])}))
    assert kept(tmp_path / "w") == [*BODY, new]
    repeats = query(
        tmp_path / "w",
        "select count(*), count(distinct repeat_of) from paragraphs where drop_reason = 'repeated_in_article'",
    )
    assert repeats == [(3, 3)]


def test_a_short_line_may_stand_twice(tmp_path: Path) -> None:
    text = "\n".join(["Trucks", BODY[0], "“No.”", BODY[1], "“No.”", BODY[2]])
    build(tmp_path / "w", write_files(tmp_path / "in", {"a.txt": text}))
    assert kept(tmp_path / "w").count("“No.”") == 2


@pytest.mark.parametrize(("articles", "stays"), [(2, True), (3, False)])
def test_what_an_outlet_prints_everywhere_goes_with_enough_evidence(
    tmp_path: Path, articles: int, stays: bool
) -> None:
    files = {f"{n}.txt": article(n, day=f"2{n}-07-2017", extra=(PROMO,)) for n in range(articles)}
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    assert (PROMO in kept(tmp_path / "w")) is stays
    if not stays:
        reasons = query(
            tmp_path / "w",
            f"select drop_reason, documents_with_it, count(repeat_of) from paragraphs where text = '{PROMO}' group by all",
        )
        assert reasons == [("repeated_across_outlet", articles, articles - 1)]


def test_copies_of_one_article_are_no_habit(tmp_path: Path) -> None:
    files = {f"{n}.txt": article(n, body=BODY) for n in range(4)}
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    assert kept(tmp_path / "w") == BODY * 4
    assert query(tmp_path / "w", "select articles, outlets from stories") == [(4, 1)]


def test_one_story_under_two_mastheads_led_by_the_earlier(tmp_path: Path) -> None:
    wire = [f"BEIRUT (Reuters) - {BODY[0]}", *BODY[1:]]
    other = [f"BEIRUT - {BODY[0]}", *BODY[1:]]
    files = {
        "late.txt": article(1, outlet="The Daily Star", day="2017-07-22", body=other),
        "early.txt": article(2, day="2017-07-21", body=wire),
    }
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    rows = query(
        tmp_path / "w",
        "select outlet_id, origin_outlet_id, is_story_lead from articles order by published_on",
    )
    assert rows == [("rudaw", "reuters", True), ("daily_star_lebanon", "daily_star_lebanon", False)]
    assert query(tmp_path / "w", "select articles, outlets, origin_outlet_id from stories") == [
        (2, 2, "reuters")
    ]
    assert query(tmp_path / "w", "select method, score from story_pairs") == [("normalised_text", 1.0)]


def test_a_few_words_make_no_story(tmp_path: Path) -> None:
    build(
        tmp_path / "w",
        write_files(
            tmp_path / "in", {"a.txt": "First\n\nMore follows soon.", "b.txt": "Second\n\nMore follows soon."}
        ),
    )
    assert query(tmp_path / "w", "select count(*) from stories") == [(2,)]


def test_the_order_of_day_and_month_follows_what_the_outlet_prints_elsewhere(tmp_path: Path) -> None:
    # an outlet the lexicon knows no date order for
    files = {
        "a.txt": article(1, outlet="Iraqi News", day="05-07-2017"),
        "b.txt": article(2, outlet="Iraqi News", day="07-25-2017"),
    }
    build(tmp_path / "w", write_files(tmp_path / "one", {"a.txt": files["a.txt"]}))
    alone = query(
        tmp_path / "w", "select published_on, published_on_basis from articles where outlet_id = 'iraqi_news'"
    )
    assert alone == [(None, "header_line:ambiguous")]
    build(tmp_path / "w", write_files(tmp_path / "two", {"b.txt": files["b.txt"]}))
    both = query(tmp_path / "w", "select published_on::varchar, published_on_basis from articles order by 1")
    assert both == [("2017-05-07", "header_line:seen_habit"), ("2017-07-25", "header_line")]
