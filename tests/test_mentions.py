from __future__ import annotations

import json
from pathlib import Path

import pytest

from transforms.names.lexicon import Lexicon, fold
from transforms.names.mentions import find_mentions

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "mentions.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_mentions(case: dict[str, object], lexicon: Lexicon) -> None:
    text = str(case["text"])
    found = [
        [text[f.start : f.end], f.entity.entity_id if f.entity else None]
        for f in find_mentions(text, lexicon)
    ]
    if case.get("among"):
        assert [e for e in case["expect"] if e in found] == case["expect"]  # type: ignore[attr-defined]
    elif not case.get("absent"):
        assert found == case["expect"]
    assert not {s for s, _ in found} & set(case.get("absent", []))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("text", "surface", "precision"),
    [
        ("Planes struck near Hajin.", "Hajin", "near"),
        ("A village 10 km north of Manbij fell.", "Manbij", "direction"),
        ("The road between Raqqa and Tabqa is open.", "Raqqa", "between"),
        ("The road between Raqqa and Tabqa is open.", "Tabqa", "between"),
        ("They entered Hajin.", "Hajin", "exact"),
        ("Fighting went on in Idlib province.", "Idlib province", "area"),
    ],
)
def test_how_exact_a_place_is(text: str, surface: str, precision: str, lexicon: Lexicon) -> None:
    found = {text[f.start : f.end]: f.geo_precision for f in find_mentions(text, lexicon)}
    assert found[surface] == precision


def test_who_is_named_as_a_source(lexicon: Lexicon) -> None:
    text = "Damascus said the town was quiet, and a witness told AFP that Raqqa burned. SANA reported rain."
    found = {text[f.start : f.end]: f for f in find_mentions(text, lexicon)}
    assert found["Damascus"].is_metonym
    assert found["AFP"].is_attribution
    assert found["SANA"].is_attribution
    assert not found["Raqqa"].is_metonym
    assert not found["Raqqa"].is_attribution


def test_namesakes_follow_the_article(lexicon: Lexicon) -> None:
    shared = [
        p
        for p, a in lexicon.aliases.items()
        if len({x.entity.country_code for x in a if x.entity.kind == "town" and not x.entity.curated}) > 1
    ]
    assert shared, "no town name is shared between countries: the gazetteer is not there"


def test_fold_keeps_every_character_in_its_place() -> None:
    for text in ("İstanbul ŞANLIURFA", "Ḥamā—Ḩimş", "ß ẞ ﬁ", "‘Ayn ʿĪsá"):
        assert len(fold(text)) == len(text)
