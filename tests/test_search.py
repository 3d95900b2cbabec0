"""Fast searches give what slow ones give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.settings import Settings
from flows.versions import seeds_of
from transforms.language.search import WordSearch
from transforms.language.spelling import fold
from transforms.page.furniture import Furniture, Rules

PHRASES = [
    "deir ez zor",
    "zor",
    "u.s.",
    "'afrin",
    "afrin",
    "isis",
    "алеппо",
    "al bab",
    "bab",
    "a",
    "hts (sham)",
]
ROWS = list(seeds_of()["furniture"])
FURNITURE = Furniture(ROWS)
RULES = [(row["kind"], re.compile(row["pattern"], re.I)) for row in ROWS]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*PHRASES, "ISIS", "Алеппо", " ", ",", "’", "-", "é", "ж", "_", "“", "x", "\n", "\x00"]
        )
    ).map("".join)
)
def test_words_are_found_where_they_stand_alone(text: str) -> None:
    folded = fold(text)
    wanted = {
        (n, m.start(1), m.end(1))
        for n, phrase in enumerate(PHRASES)
        for m in re.finditer(rf"(?=({re.escape(phrase)}))", folded)
        if not (folded[m.end(1) : m.end(1) + 1].isalnum() or folded[: m.start()][-1:].isalnum())
    }  # fmt: skip
    assert set(WordSearch(PHRASES).find(folded)) == wanted


def test_no_phrases_are_found_nowhere() -> None:
    assert WordSearch([]).find("алеппо, aleppo") == []


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([row[c] for row in ROWS for c in ("example", "counter_example")]),
    st.lists(
        st.tuples(
            st.integers(0, 200),
            st.sampled_from(["é", "\xa0", "’", "–", "٣", "7", "\n", "Ж", "ſ", "ı", "İ", "\u212a", " "]),
        ),
        max_size=3,
    ),
)
def test_the_set_of_patterns_judges_as_each_pattern_by_itself(
    text: str, changes: list[tuple[int, str]]
) -> None:
    for at, other in changes:
        text = text[: at % len(text)] + other + text[at % len(text) + 1 :]
    first = next((kind for kind, pattern in RULES if pattern.fullmatch(text)), None)
    judged = FURNITURE.judge(text)
    assert (judged.kind if judged else None) == first


@pytest.mark.parametrize(
    "pattern",
    [
        "© Zo\\w+",
        "été",
        r"ét\b.*",
        r"\bé\w+\b \d{1,3}",
        r"[^\W\d]+\s?[\D]*",
        r"[à-ÿ ]+",
        r"[\S]+",
        r".\Bt.",
        "(?i:É)t.*",
        "[]é]+",
    ],
)
def test_letters_beyond_ascii_mean_what_they_mean_to_re(pattern: str) -> None:
    for any_case in (True, False):
        rules = Rules("furniture", [pattern], any_case)
        for text in (
            "© Zoë",
            "été",
            "ÉTÉ",
            "qtq",
            "ét é",
            "éta",
            "étä",
            "élan 12",
            "élan ٣٣",
            "ah so",
            "ſo İs",
            "Жук\xa0а",
            "’é",
            "]é",
        ):
            fits = bool(re.compile(pattern, re.I if any_case else 0).fullmatch(text))
            assert bool(list(rules.fitting(text))) == fits, (text, any_case)


def test_what_a_group_holds_is_as_printed() -> None:
    furniture = Furniture([{"kind": "credit", "pattern": r"source:\s(?P<outlet>\w+)( \w+)?"}])
    judged = furniture.judge("Source: Libération été")
    assert judged is not None
    assert judged.outlet == "Libération"


@pytest.mark.parametrize(
    "pattern", ["(?=look ahead).*", r"\u00a9 Zo\w+", r"et al\Z", r"(a)\1", "(?>a)", "a{1001}"]
)
def test_a_pattern_that_re2_does_not_take_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"furniture: the pattern .* is none that RE2 takes: ") as said:
        Furniture([{"kind": "copyright", "pattern": pattern}])
    assert repr(pattern) in str(said.value)


@pytest.mark.parametrize(
    ("memory", "processes", "for_duckdb"),
    [(None, 8, None), ("8GB", 8, "4933MB"), ("2GB", 2, "933MB"), ("1GB", 1, "266MB"), ("100MB", 1, "25MB")],
)
def test_memory_is_shared_out(memory: str | None, processes: int, for_duckdb: str | None) -> None:
    given_ = Settings(Path("w"), ("in",), 8, memory)
    assert (given_.processes, given_.for_duckdb) == (processes, for_duckdb)
