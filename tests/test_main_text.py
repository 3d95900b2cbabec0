"""Which blocks of a page are its article: by the page's own tree, and by trafilatura only where that is in doubt."""

from __future__ import annotations

import pytest

from transforms.parse import Unreadable, main_text
from transforms.parse.html import parse_html

STORY = [
    "The convoy left Raqqa before dawn on Tuesday, two of the drivers who were on the trucks said by telephone.",
    "Guards at the bridge let it pass after an hour, a third man said, and by evening the road was closed again.",
    "Nobody in the town could say who had given the order, nor where the men in the last two cars had come from.",
    "A spokesman declined to comment on the movement of vehicles and asked that questions be sent to him in writing.",
    "The road had been open for nine days, the longest time since winter, when snow and then shelling closed it twice.",
    "Traders who had waited at the crossing turned back at night, and those with perishable goods sold them at the gate.",
]
OTHER = [
    "Bakers in the north of the country ask for flour to be sold at the price that was agreed on a year ago.",
    "A school that had been a barracks opened its doors to four hundred pupils, most of them for the first time.",
    "Engineers mended the second of three pumps, and water reached the upper quarters of the town on Sunday night.",
    "The harvest was poor for a third year, the union of farmers said, and asked that seed be given out in autumn.",
    "Two bridges over the canal are passable again for cars, the office for roads said, not yet for heavy trucks.",
    "The hospital counted fewer cases of fever than a week before and sent half of its tents to the south.",
]


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>\n" for text in texts)


def hints(body: str) -> dict[str, str]:
    """Hint by the first words of a block."""
    parsed = parse_html(
        f"<!doctype html><html><head><title>T</title></head><body>{body}</body></html>".encode()
    )
    return {" ".join(parsed.text[b.start : b.end].split()[:3]): b.hint for b in parsed.blocks}


def firsts(texts: list[str]) -> list[str]:
    return [" ".join(text.split()[:3]) for text in texts]


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """trafilatura is not to be asked."""

    def extract(source: str, **_: object) -> str:
        raise AssertionError("asked")

    monkeypatch.setattr(main_text, "extract", extract)


@pytest.mark.usefixtures("unasked")
def test_an_article_among_teasers_is_plain() -> None:
    teasers = "".join(
        f"<div class=card><h3><a href=x>More on this {n}</a></h3><p>{t}</p></div>"
        for n, t in enumerate(OTHER[:2])
    )
    found = hints(
        f"<nav><a href=/>Home</a></nav><div class=article-body><h1>Road closed</h1>{paragraphs(STORY[:3])}"
        f"<h2>What was said</h2>{paragraphs(STORY[3:])}<p>(Reporting by Lina Haddad)</p></div><div class=grid>{teasers}</div>"
        "<h2>Most read</h2><footer>Made by machines</footer>"
    )
    assert {found[first] for first in firsts(STORY)} == {"main"}
    assert {found[first] for first in firsts(OTHER[:2])} == {"furniture"}
    assert found["What was said"] == "heading"
    assert found["(Reporting by Lina"] == "main"
    assert (found["Road closed"], found["Most read"], found["Home"]) == ("title", "furniture", "navigation")


@pytest.mark.usefixtures("unasked")
def test_what_is_said_of_the_whole_page_is_not_believed() -> None:
    found = hints(
        f"<div class='with-ad'><div class=story>{paragraphs(STORY)}<p class=photoCaption>Trucks at the gate of the town.</p>"
        f"</div><div class=shareBar>Tell your friends of it now</div></div><div class=widget>{paragraphs(OTHER[:1])}</div>"
    )
    assert {found[first] for first in firsts(STORY)} == {"main"}
    assert found["Trucks at the"] == "caption"
    assert found["Tell your friends"] == "share"
    assert found["Bakers in the"] == "related"


@pytest.mark.usefixtures("unasked")
def test_a_word_on_every_paragraph_is_not_believed() -> None:
    found = hints("<article>" + "".join(f"<p class=paywall>{t}</p>" for t in STORY) + "</article>")
    assert set(found.values()) == {"main"}


@pytest.mark.usefixtures("unasked")
def test_comments_are_no_article_however_long() -> None:
    found = hints(
        f"<div class=entry-content>{paragraphs(STORY[:4])}</div><section id=comments>{paragraphs(OTHER * 3)}</section>"
    )
    assert {found[first] for first in firsts(STORY[:4])} == {"main"}
    assert {found[first] for first in firsts(OTHER)} == {"comment_policy"}


@pytest.mark.usefixtures("unasked")
def test_linked_sentences_and_short_paragraphs_within_the_article_are_main() -> None:
    found = hints(
        f"<main><div>{paragraphs(STORY[:2])}<p>Not so.</p><p><a href=x>{STORY[2]}</a></p><p><a href=x>Read this too</a></p>"
        f"<div class=odd>An unmarked label</div>{paragraphs(STORY[3:])}</div></main>"
    )
    assert found["Not so."] == "main"
    assert found[firsts(STORY)[2]] == "main"
    assert found["Read this too"] == "navigation"
    assert found["An unmarked label"] == "furniture"


def test_where_two_parts_rival_trafilatura_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_text, "extract", lambda source, **_: "\n".join(OTHER))
    links = "<div><a href=x>One more story</a></div>" * 12
    found = hints(
        f"<div class=left>{paragraphs(STORY)}</div>{links}<div class=right>{paragraphs(OTHER)}</div>"
    )
    assert {found[first] for first in firsts(OTHER)} == {"main"}
    assert {found[first] for first in firsts(STORY)} == {"furniture"}


def test_a_page_without_prose_has_no_main_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_text, "extract", lambda source, **_: None)
    assert set(hints("<ul><li><a href=1>One story</a><li><a href=2>Another story</a></ul>").values()) == {
        "navigation"
    }


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "font"])
def test_absurd_nesting_is_refused(tag: str) -> None:
    with pytest.raises(Unreadable, match="too_deep"):
        parse_html(f"<{tag}>".encode() * 5_000 + STORY[0].encode())


def test_metadata_is_found_wherever_it_stands() -> None:
    page = """<title>Road closed | The Wire</title><body><p>A word.</p><link rel="canonical" href="https://wire.example/ü">
    <meta itemprop=datePublished content=2017-03-05><script type="application/ld+json">{"@type": "Article",
    "headline": "Road &amp; bridge closed", "author": {"name": "Lina Haddad"}}</script><meta property=og:title content="">"""
    assert parse_html(page.encode()).facts == {
        "headline": "Road & bridge closed", "byline": "Lina Haddad", "date": "2017-03-05",
        "url": "https://wire.example/ü", "page_title": "Road closed | The Wire",
    }  # fmt: skip
