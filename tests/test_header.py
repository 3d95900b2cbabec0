from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from transforms.language.dates import find_dates
from transforms.names.lexicon import Lexicon
from transforms.page.header import read_header
from transforms.page.piece import Piece

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "headers.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_headers(case: dict[str, object], lexicon: Lexicon) -> None:
    pieces = [Piece(str(line)) for line in case["lines"]]  # type: ignore[attr-defined]
    header = read_header(pieces, {}, lexicon.known)
    if "kinds" in case:
        assert [p.kind for p in pieces] == case["kinds"]
    for name, wanted in dict(case["expect"]).items():  # type: ignore[call-overload]
        found = getattr(header, name)
        assert (found.isoformat() if isinstance(found, date) else found) == wanted, name


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017-03-05T10:00:00Z", "2017-03-05"),
        ("Sunday, 5th of March 2017", "2017-03-05"),
        ("March 5, 2017", "2017-03-05"),
        ("5.3.2017", "2017-03-05"),
        ("21/07/2017", "2017-07-21"),
        ("07/21/2017", "2017-07-21"),
        ("SAN SALVADOR, 3 JAN 90 (ACAN-EFE)", "1990-01-03"),
    ],
)
def test_printed_dates(text: str, day: str) -> None:
    assert [d.day.isoformat() for d in find_dates(text)] == [day]


@pytest.mark.parametrize(
    "text", ["31-31-2017", "2017", "12 of 30 2017 men", "page 10/2", "phone 09-11-20178", "Feb 30, 2017"]
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_metadata_comes_before_print(lexicon: Lexicon) -> None:
    pieces = [
        Piece("Convoy leaves", "title"),
        Piece("A convoy left the river town on Tuesday, two drivers said.", "main"),
    ]
    facts = {"date": "2017-03-05T10:00:00Z", "url": "https://www.rudaw.net/english/1", "language": "en-GB"}
    header = read_header(pieces, facts, lexicon.known)
    assert (header.published_on, header.published_on_basis) == (date(2017, 3, 5), "metadata")
    assert (header.outlet_id, header.outlet_basis, header.language) == ("rudaw", "url", "en")
