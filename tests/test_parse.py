from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse import Unreadable, parse
from transforms.parse.decode import decode
from transforms.parse.html import parse_html
from transforms.parse.text import find_blocks

WRAPPED = """The convoy left the town before dawn on Tuesday and took the road to
Deir ez-Zor, where guards waved it through three checkpoints without
looking at the crates, two drivers who had been on the trucks said in the
evening.

A second paragraph starts here and is just as long as the first one was,
running over lines that were broken by a mail program many years ago.
"""


@given(st.text(alphabet="ab. \n\r\t\u2028\x0b", max_size=80))
def test_blocks_cover_every_character_that_is_no_space(text: str) -> None:
    blocks = find_blocks(text)
    covered = "".join("".join(text[b.start : b.end].split()) for b in blocks)
    assert covered == "".join(text.split())
    assert all(a.end <= b.start for a, b in itertools.pairwise(blocks))


def test_hard_wrapped_lines_become_paragraphs() -> None:
    blocks = find_blocks(WRAPPED)
    assert [WRAPPED[b.start : b.end].split()[0] for b in blocks] == ["The", "A"]


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = "A title\n" + "\n".join(
        f"Sentence number {i} of an article that is long enough to be one." for i in range(5)
    )
    assert len(find_blocks(text)) == 6


@pytest.mark.parametrize(
    ("raw", "encoding", "basis"),
    [
        (b"\xef\xbb\xbfplain", "utf-8", "bom"),
        ("Raqqa".encode("utf-16"), "utf-16-le", "bom"),
        ("“Raqqa”".encode(), "utf-8", "valid"),
        (
            "Les forces ont quitt\xe9 la ville, a dit Am\xe9lie. \x93Nous restons\x94, dit-elle.".encode(
                "latin-1"
            ),
            "cp1252",
            "detected",
        ),
        (
            ("naïve “quoted” text — " * 20).encode()[:-30] + b"\xff" + "and “more” of it".encode(),
            "utf-8",
            "damaged",
        ),
    ],
)
def test_encodings(raw: bytes, encoding: str, basis: str) -> None:
    text, found, why = decode(raw)
    assert why == basis
    assert found == encoding or basis == "detected"
    assert "�" not in text or basis == "damaged"


@pytest.mark.parametrize(
    ("raw", "suffix", "reason"),
    [
        (b"", ".txt", "empty"),
        (b" \n\t ", ".txt", "empty"),
        (b"\x00\x01\x02\x03PNG", ".txt", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 31)) * 20, ".txt", "binary"),
        (b"text", ".docx", "unknown_format"),
        (b"text", "", "unknown_format"),
        (b"\xff\xfea", ".txt", "encoding"),
        (b"<html><script>only()</script></html>", ".html", "empty"),
    ],
)
def test_what_cannot_be_read_says_why(raw: bytes, suffix: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        parse(raw, suffix)
    assert error.value.reason == reason


PAGE = b"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Convoy leaves | The Wire</title>
<meta property="og:site_name" content="The Wire"><meta property="article:published_time" content="2017-03-05T10:00:00Z">
<link rel="canonical" href="https://wire.example/convoy"><script>var x = "hidden";</script>
<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "headline": "Convoy leaves",
"author": [{"name": "Lina Haddad"}]}]}</script></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><header><h1>Convoy leaves</h1></header>
<div class="story"><p>The convoy left <b>Raqqa</b> before dawn, two of the drivers who were on the trucks said on Tuesday.</p>
<figure><img src="a.jpg"><figcaption>Trucks wait at a gate.</figcaption></figure>
<p>A second paragraph of the article tells what came after, in enough words to be one of its own.</p></div>
<aside><a href="/1">Another story</a></aside><footer>Made by machines</footer></body></html>"""


def test_a_page_becomes_blocks_with_hints() -> None:
    parsed = parse_html(PAGE)
    hints = {parsed.text[b.start : b.end][:12]: b.hint for b in parsed.blocks}
    assert "hidden" not in parsed.text
    assert hints["The convoy l"] == "main"
    assert hints["Convoy leave"] == "title"
    assert hints["Trucks wait "] == "caption"
    assert hints["Made by mach"] == "furniture"
    assert hints["Home World"] == "navigation"
    assert parsed.facts == {
        "headline": "Convoy leaves", "byline": "Lina Haddad", "site": "The Wire", "date": "2017-03-05T10:00:00Z",
        "url": "https://wire.example/convoy", "page_title": "Convoy leaves | The Wire", "language": "en-GB",
    }  # fmt: skip


def test_a_page_named_txt_is_read_as_a_page() -> None:
    assert parse(PAGE, ".txt").media_type == "text/html"


@pytest.mark.parametrize(
    "tag",
    [
        '<meta name=“a” content=“b" />',
        '<p title=5" class=wide>',
        "<a rel=it's>",
        "<p data-x=a'b\"c>",
        '<br ">',
    ],
)
def test_a_stray_quotation_mark_in_a_tag_costs_no_text(tag: str) -> None:
    """The next mark stands after more words than a tag may have attributes."""
    words = " ".join(f"word{n}" for n in range(6000))
    page = f"<html><body>{tag}<p>{words}</p><p>The last one \" of them ' here.</p></body></html>"
    text = parse(page.encode(), ".html").text
    assert "word5999" in text
    assert "The last one" in text
