"""Near-copies: what is one story, what is not, why, and that neither order nor history of runs changes it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from conftest import build, query, write_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.cli import main

WORDS = """bridge market convoy commander village harvest doctor river checkpoint school engine ladder window tractor
    minister pharmacy orchard battery curfew rocket shelter baker clinic tunnel highway garrison witness spokesman
    negotiator militia barracks frontline ambulance electricity displaced generator warehouse outskirts farmland
    ceasefire bombardment hillside mosque bakery courtyard prisoner tribunal embassy corridor""".split()
NAMES = """Hajin Raqqa Mosul Tabqa Manbij Afrin Azaz Jarablus Ramadi Sinjar Kirkuk Hawija Rutba Palmyra Mayadin Qaim
    Baghuz Shaddadi Hasakah Qamishli Idlib Sarmada Douma Zabadani Jabal Karim Yusuf Salma Nadia Farid Samir Layla""".split()
FIRST = "north south upper lower old new river field salt stone iron night border hill market water".split()
SMALL = "near after before while which under against beside around because though until".split()
TABLES = ("stories", "story_pairs", "refused_pairs", "articles")


def sentence(rng: random.Random) -> str:
    middle = [
        w
        for _ in range(rng.randrange(4, 8))
        for w in (
            rng.choice(SMALL),
            "the",
            rng.choice(FIRST) + rng.choice(WORDS),
            *([f"in {rng.choice(NAMES)}"] if rng.random() < 0.3 else []),
        )
    ]
    return f"The {rng.choice(WORDS)} " + " ".join(middle) + f" held {rng.randrange(2, 900)} people."


def story(seed: int, paragraphs: int = 8) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(sentence(rng) for _ in range(2)) for _ in range(paragraphs)]


def edited(paragraphs: list[str], share: float, seed: int = 1) -> list[str]:
    rng = random.Random(seed)

    def change(word: str) -> str:
        return rng.choice(["reportedly", "", "officials"]) if rng.random() < share else word

    return [" ".join(w for w in map(change, p.split()) if w) for p in paragraphs]


def page(
    paragraphs: list[str],
    title: str = "Report from the river",
    day: str = "21-07-2017",
    outlet: str = "Rudaw",
) -> str:
    return "\n\n".join([title, f"{day}\n{outlet}", *paragraphs]) + "\n"


def pairs(warehouse: Path) -> list[tuple[object, ...]]:
    return query(warehouse, "select method, contained is not null from story_pairs order by all")


ONE = story(1)


@pytest.mark.parametrize(
    ("copy", "expect"),
    [
        (ONE, ("exact_text", False)),
        ([p.replace(" the ", "  the ").replace(".", " .") for p in ONE], ("normalised_text", False)),
        (ONE[:3], ("contained", True)),
        (ONE[3:], ("contained", True)),
        (edited(ONE, 0.05), ("near", False)),
        (edited(ONE, 0.15), ("near", False)),
        ([*ONE[4:], *ONE[:4]], ("near", False)),
        ([" ".join(ONE[i : i + 2]) for i in range(0, len(ONE), 2)], ("near", False)),
    ],
    ids=["exact", "spacing", "brief", "tail", "edited", "rewritten", "moved", "reflowed"],
)
def test_a_copy_is_found_and_says_how(tmp_path: Path, copy: list[str], expect: tuple[str, bool]) -> None:
    files = {"a.txt": page(ONE), "b.txt": page(copy, "Another headline", "22-07-2017", "The Guardian")}
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    assert pairs(tmp_path / "w") == [expect]
    assert query(tmp_path / "w", "select articles, outlets from stories") == [(2, 2)]
    assert query(tmp_path / "w", "select outlet_id from articles where is_story_lead") == [("rudaw",)]


def report(n: int) -> list[str]:
    """One day's report of a series: the form stays, towns and numbers change."""
    rng = random.Random(n)
    towns = rng.sample(NAMES[:20], 4)
    strikes = [
        f"Near {t}, {rng.choice(['two', 'three', 'four'])} strikes engaged a tactical unit and destroyed {rng.randrange(2, 90)} vehicles "
        f"and a supply route, the statement of day {n} said."
        for t in towns
    ]
    return [f"Military forces conducted {rng.randrange(4, 60)} strikes in Syria and Iraq on day {n} of the campaign.", *strikes,
            "Ground-based artillery fired in counterfire or in fire support is not classified as a strike by the task force."]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "reasons"),
    [
        ({"a": ONE, "b": [*story(2), ONE[0]]}, set()),
        ({"a": ONE, "b": [*story(2, 4), *ONE[:4]]}, {"passage", "template"}),
        ({"a": report(1), "b": report(2), "c": report(3)}, {"template"}),
        (
            {
                "a": ONE[:2],
                "b": [*ONE[:2], *story(2)[:2], *story(3)[:2], *story(4)[:2]],
                "c": story(2),
                "d": story(3),
                "e": story(4),
            },
            {"round_up", "passage"},
        ),
    ],
    ids=["a quoted paragraph", "half of it quoted", "reports of two days", "a round-up"],
)
def test_what_is_no_copy_is_told_why(tmp_path: Path, files: dict[str, list[str]], reasons: set[str]) -> None:
    texts = {f"{k}.txt": page(p, f"Headline {k} of the day") for k, p in files.items()}
    build(tmp_path / "w", write_files(tmp_path / "in", texts))
    assert query(tmp_path / "w", "select count(*) from stories") == [(len(files),)]
    assert {r for (r,) in query(tmp_path / "w", "select distinct reason from refused_pairs")} <= reasons
    assert bool(reasons) == bool(query(tmp_path / "w", "select * from refused_pairs"))


def test_nothing_is_joined_through_a_third(tmp_path: Path) -> None:
    # each half is a copy of the whole; without the whole they have nothing in common
    files = {"first.txt": page(ONE[:4]), "second.txt": page(ONE[4:])}
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    assert query(tmp_path / "w", "select count(*) from stories") == [(2,)]
    build(tmp_path / "w", write_files(tmp_path / "in", {"whole.txt": page(ONE, day="23-07-2017")}))
    assert query(tmp_path / "w", "select articles from stories") == [(3,)]


def test_copies_of_a_wire_are_put_down_to_the_wire(tmp_path: Path) -> None:
    named = [f"BAGHDAD (Reuters) - Raqqa fell quiet on Monday. {ONE[0]}", *ONE[1:]]
    files = {
        "a.txt": page(
            ["BAGHDAD - Raqqa fell quiet on Monday. " + ONE[0], *ONE[1:5]],
            day="20-07-2017",
            outlet="The Guardian",
        ),
        "b.txt": page(named, outlet="Rudaw"),
        "c.txt": page(
            ["Raqqa fell quiet on Monday. " + ONE[0], *ONE[1:]], day="24-07-2017", outlet="Iraqi News"
        ),
    }
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    assert query(tmp_path / "w", "select articles, outlets, origin_outlet_id from stories") == [
        (3, 3, "reuters")
    ]
    assert query(tmp_path / "w", "select articles, stories, outlets, independent_outlets from mentions_per_town where place_id = 'raqqa'") == [(3, 1, 3, 1)]  # fmt: skip


def test_explain_shows_the_pairs_of_a_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"a.txt": page(ONE), "b.txt": page([*edited(ONE[:1], 0.1), *ONE[1:3]], day="22-07-2017")}
    build(tmp_path / "w", write_files(tmp_path / "in", files))
    ((story_id,),) = query(tmp_path / "w", "select story_id from stories")
    assert main(["explain", str(story_id), "--warehouse", str(tmp_path / "w")]) == 0
    printed = capsys.readouterr().out
    assert "the right is part of the left" in printed
    assert "»reportedly«" in printed or "»officials«" in printed


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(9)))
def test_one_by_one_in_any_order_is_all_at_once(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    texts = [
        ONE,
        ONE[:3],
        edited(ONE, 0.1),
        ONE[5:],
        story(2),
        edited(story(2), 0.05),
        [*ONE[:2], *story(2)[:2]],
        report(1),
        report(2),
    ]
    pages = [page(t, f"Headline {n} of it", f"2{n}-07-2017") for n, t in enumerate(texts)]
    build(folder / "all", write_files(folder / "in", {f"{n}.txt": p for n, p in enumerate(pages)}))
    for n in order:
        build(folder / "single", folder / "in" / f"{n}.txt")
    for table in TABLES:
        assert query(folder / "single", f"from {table} order by all") == query(
            folder / "all", f"from {table} order by all"
        )
