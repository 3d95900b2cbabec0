"""Every class of words and every pattern of the grammar has a sentence that needs it, and one that does not."""

from __future__ import annotations

import pytest

from flows.versions import lexicon_of, seeds_of
from transforms.language.grammar import Grammar, by_ending, tag_of
from transforms.language.words import Words

SEEDS = seeds_of()
CLASSES, WORDS, PATTERNS = SEEDS["word_classes"], SEEDS["words"], SEEDS["patterns"]
GRAMMAR = lexicon_of(()).grammar
NOTHING = "(?!)"
IN_BRACKETS = "\\x00"
FILLED = {r["tag"] for r in WORDS} | {r["tag"] for r in CLASSES if r["forms"]}


def reading(text: str, grammar: Grammar = GRAMMAR) -> set[str]:
    """What is read in a sentence: "subject(fell, town)", "fell is v"."""
    words = Words(text, [(0, len(text))], [], [], grammar)

    def said(word: int) -> str:
        return text[slice(*words.span(word))].strip() or "|"

    links = {f"{link.role}({said(link.of)}, {said(link.head)})" for link in words.clauses.links if link.role}
    return links | {f"{said(i)} is {tag}" for i, tag in enumerate(words.clauses.tags)}


@pytest.mark.parametrize("row", PATTERNS, ids=lambda r: f"{r['step']} {r['name']}")
def test_a_pattern_is_needed_by_its_example_and_leaves_the_other_alone(row: dict[str, str]) -> None:
    rest = [r for r in PATTERNS if r is not row]
    if row["step"] == "part":
        rest.append({**row, "pattern": IN_BRACKETS if row["name"] == "within" else NOTHING})
    without = Grammar(CLASSES, WORDS, rest)
    assert row["reads"] in reading(row["example"])
    assert row["reads"] not in reading(row["example"], without)
    assert reading(row["counter_example"]) == reading(row["counter_example"], without)


@pytest.mark.parametrize("row", [r for r in CLASSES if r["tag"] in FILLED], ids=lambda r: r["name"])
def test_a_class_of_words_is_needed_by_its_example(row: dict[str, str]) -> None:
    classes = [{**r, "forms": ""} if r is row else r for r in CLASSES]
    without = Grammar(classes, [r for r in WORDS if r["tag"] != row["tag"]], PATTERNS)
    assert row["reads"] in reading(row["example"])
    assert row["reads"] not in reading(row["example"], without)


def test_every_tag_is_a_class() -> None:
    known = {r["tag"] for r in CLASSES}
    assert {r["tag"] for r in WORDS} <= known
    shapes = {
        tag_of(form, {}, False)
        for form in ("12", "Hajin", "§", "May", "quickly", "taking", "shelled", "towns", "town")
    }
    assert shapes <= known
    assert [by_ending(form) for form in ("quickly", "taking", "shelled", "towns", "crisis")] == [
        "r",
        "g",
        "x",
        "m",
        "n",
    ]


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Islamic State, which the Syrian army drove from Palmyra in March, attacked Sukhna on Monday.", "subject(attacked, State)"),
        ("The SDF took full control of Manbij after Daesh retreated.", "subject(retreated, Daesh)"),
        ("Russian jets on Monday bombed Idlib.", "subject(bombed, jets)"),
        ("Tabqa, a town recently liberated by the SDF, is quiet.", "agent(liberated, SDF)"),
        ("The militia said on Sunday that it had left the camp.", "said(said, left)"),
    ],
)  # fmt: skip
def test_what_governs_what(text: str, reads: str) -> None:
    assert reads in reading(text)


def test_nothing_is_read_in_nothing() -> None:
    words = Words("", [], [], [], GRAMMAR)
    assert words.clauses.links == []
    assert words.at(0) == 0
