"""Web pages: visible text block by block, what the markup says of each, and the page's own metadata."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import accumulate, pairwise
from typing import Any

from bs4 import BeautifulSoup, CData, NavigableString, Tag
from bs4.element import PageElement, PreformattedString
from htmldate import find_date
from trafilatura import extract

from transforms.dedup import WORD
from transforms.parse.block import Block, Parsed, Unreadable, well_formed
from transforms.parse.decode import decode

INVISIBLE = {"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "textarea", "math"}
INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr", "img",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# What a tag around a block says of it; the innermost tag that says something wins.
BY_TAG = {"nav": "navigation", "footer": "furniture", "aside": "related", "figcaption": "caption", "form": "furniture",
          "button": "furniture", "menu": "navigation", "dialog": "furniture", "time": "date", "address": "byline"}  # fmt: skip
# What a class or id says, as whole words of it (class="article-share-bar" has the words article, share, bar).
BY_CLASS = {
    "comment": "comment_policy", "comments": "comment_policy", "disqus": "comment_policy", "respond": "comment_policy",
    "share": "share", "sharing": "share", "social": "share", "related": "related", "recommended": "related",
    "newsletter": "furniture", "subscribe": "furniture", "cookie": "furniture", "consent": "furniture",
    "paywall": "furniture", "login": "furniture", "footer": "furniture", "sidebar": "related", "widget": "related",
    "breadcrumb": "navigation", "breadcrumbs": "navigation", "menu": "navigation", "nav": "navigation",
    "navigation": "navigation", "pagination": "navigation", "ad": "advertisement", "ads": "advertisement",
    "advert": "advertisement", "advertisement": "advertisement", "promo": "furniture", "copyright": "copyright",
    "caption": "caption", "credit": "credit", "byline": "byline", "author": "byline", "tags": "tags",
    "standfirst": "standfirst", "dek": "standfirst", "subtitle": "standfirst", "dateline": "date",
    "published": "date", "timestamp": "date", "masthead": "outlet",
}  # fmt: skip
WORDS = re.compile(r"[a-z]+")
SPACE = re.compile(r"\s+")
DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""", re.I)
MOST_LINKED = 0.6  # share of a block's characters inside links above which it is a menu or a list of links
LONGEST_GAP = 6  # blocks between two blocks of the main text that may belong to it
SENTENCE = re.compile(r".{40,}[.!?…][\"'”’»)\]]*", re.S)
DEEPEST = 3000  # tags within tags that a page may have
MOST_SHARED = 0.6  # share of a block's three-word runs in the main text from which it belongs to it
EARLIEST, LATEST = "1990-01-01", "2099-12-31"  # fixed, since the library's own bound is today
ENCLOSING = {"navigation", "furniture", "related", "comment_policy", "advertisement"}
# Up to how many characters markup can make captions and so on of what stands in the main text: an element that says so
# of more is one around the article itself (class="page-with-author").
LONGEST = {"caption": 400, "credit": 120, "date": 120, "byline": 120, "tags": 200}
ARTICLE_TYPES = {"Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "AnalysisNewsArticle", "Report"}
META_FACTS = {
    "og:title": "og_title", "article:published_time": "date", "date": "date",
    "dc.date": "date", "dc.date.issued": "date", "datepublished": "date", "pubdate": "date", "publish-date": "date",
    "parsely-pub-date": "date", "author": "byline", "article:author": "byline", "og:site_name": "site", "og:url": "url",
}  # fmt: skip


def parse_html(raw: bytes, declared: str | None = None) -> Parsed:
    """A page's visible text in page order, furniture included; its blocks with hints; its metadata as facts.

    `declared` is the encoding that came with the page (an HTTP header). A block of the main text has the hint "main"
    or "heading": it stands in what trafilatura takes for the article, and its markup does not say otherwise.
    """
    own = DECLARED.search(raw[:4096])
    name = declared or ((own[1] or own[2]).decode("ascii") if own else None)
    source, encoding, basis = decode(raw, name)
    soup = BeautifulSoup(source, "lxml")
    facts = _facts(soup)
    found = list(_blocks(soup.body or soup))
    main = _in_main([block.text for block in found], source)
    main = _completed(found, main)
    said_of: Counter[int] = Counter()
    for block in found:
        said_of[block.giver] += len(block.text)
    pieces = [block.text for block in found]
    starts = [0, *accumulate(len(piece) + 1 for piece in pieces)]
    blocks = [
        Block(start, start + len(b.text), _judged(b.hint, said_of[b.giver], is_main, bool(SENTENCE.fullmatch(b.text))))
        for b, start, is_main in zip(found, starts, main, strict=False)
    ]
    if "date" not in facts and (printed := find_date(source, min_date=EARLIEST, max_date=LATEST, original_date=True)):
        facts["page_date"] = printed
    return Parsed("\n".join(pieces), blocks, "text/html", encoding, basis, facts)


def _judged(hint: str, length: int, is_main: bool, is_sentence: bool) -> str:
    """A block's hint once the main text is known; `length` is how many characters the hint was given to in all."""
    if hint == "links":
        return "main" if is_main and is_sentence else "navigation"
    if hint == "title" or length <= LONGEST.get(hint, 0):
        return hint
    if is_main:
        return "heading" if hint == "heading" else "main"
    return "furniture" if hint in ("heading", "") else hint


def _in_main(blocks: list[str], source: str) -> list[bool]:
    """For each block, whether most of its runs of three words stand in the main text that trafilatura finds."""
    main = extract(source, include_comments=False) or ""
    shingles = set(_shingles(main))
    lines = {" ".join(WORD.findall(line.casefold())) for line in main.split("\n")}
    inside = []
    for block in blocks:
        own = _shingles(block)
        if len(own) > 1:
            inside.append(sum(s in shingles for s in own) >= MOST_SHARED * len(own))
        else:  # a word or two: only as a line of its own
            inside.append(bool(own) and " ".join(WORD.findall(block.casefold())) in lines)
    return inside


def _completed(found: list[_Found], main: list[bool]) -> list[bool]:
    """The main text with the sentences that belong to it and that no markup sets apart: those between two of its
    blocks, and those that stand in the same tags and classes as three of its sentences."""
    open_to_it = [block.hint == "" and bool(SENTENCE.fullmatch(block.text)) for block in found]
    paths = Counter(b.path for b, inside, fits in zip(found, main, open_to_it, strict=True) if inside and fits)
    whole = [inside or (fits and paths[b.path] >= 3) for b, inside, fits in zip(found, main, open_to_it, strict=True)]
    for before, after in pairwise([i for i, inside in enumerate(whole) if inside]):
        if after - before <= LONGEST_GAP:
            whole[before + 1 : after] = open_to_it[before + 1 : after]
    return whole


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return [tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))] if words else []


def _hint(tag: Tag) -> str:
    """What a tag says of the text in it, or ""."""
    if tag.name in BY_TAG:
        return BY_TAG[tag.name]
    said = tag.get("class") or []
    names = [*([said] if isinstance(said, str) else said), str(tag.get("id") or "")]
    for name in names:
        for word in WORDS.findall(name.lower()):
            if word in BY_CLASS:
                return BY_CLASS[word]
    return ""


def _is_hidden(tag: Tag) -> bool:
    return (
        tag.name in INVISIBLE
        or tag.get("hidden") is not None
        or tag.get("aria-hidden") == "true"
        or "display:none" in str(tag.get("style") or "").replace(" ", "")
    )


@dataclass(frozen=True)
class _Found:
    """A block of visible text, the hint its markup gives ("" = none), which element gave that hint, and its path: a
    hash of the tags it stands in with their classes, the same for blocks that stand in the same ones."""

    text: str
    hint: str
    giver: int
    path: int


class _Run:
    """Text gathered until the next block boundary."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.linked = 0
        self.hint = ("", 0)
        self.path = 0

    def end(self) -> Iterator[_Found]:
        """The block gathered, if any; and begin anew."""
        text = SPACE.sub(" ", "".join(self.pieces)).strip()
        hint, giver = self.hint
        if self.linked > MOST_LINKED * len(text) and hint in ("", "heading"):
            hint = "links"
        self.pieces, self.linked = [], 0
        if text:
            yield _Found(text, hint, giver, self.path)


def _blocks(root: Tag) -> Iterator[_Found]:
    """Every visible block, in page order."""
    run = _Run()
    stack: list[tuple[Iterator[PageElement], tuple[str, int], bool, bool, int]] = [
        (iter(root.children), ("", 0), False, False, 0)
    ]
    while stack:
        if len(stack) > DEEPEST:
            raise Unreadable("too_deep", f"tags nested more than {DEEPEST} deep")
        children, hint, in_link, is_block, path = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if is_block:
                yield from run.end()
        elif isinstance(child, Tag):
            if child.name == "br":
                run.pieces.append("\n")
            elif not _is_hidden(child):
                block = child.name not in INLINE or (child.name == "time" and not run.pieces)
                if block:
                    yield from run.end()
                deeper = _deeper(child, hint) if block else hint
                below = hash((path, child.name, str(child.get("class")))) if block else path
                stack.append((iter(child.children), deeper, in_link or child.name == "a", block, below))
        elif isinstance(child, NavigableString) and (
            not isinstance(child, PreformattedString) or isinstance(child, CData)
        ):
            if not run.pieces:
                run.hint, run.path = hint, path
            run.pieces.append(well_formed(str(child)))
            run.linked += len(str(child).strip()) if in_link else 0
    yield from run.end()


def _deeper(tag: Tag, hint: tuple[str, int]) -> tuple[str, int]:
    """The hint inside a block tag that stands under a hint: what a menu or a footer says holds for all in it."""
    if hint[0] in ENCLOSING:
        return hint
    own = "title" if tag.name == "h1" else "heading" if tag.name in HEADINGS else _hint(tag)
    return (own, id(tag)) if own else hint


def _facts(soup: BeautifulSoup) -> dict[str, str]:
    """Metadata by name: JSON-LD first, then meta tags, then the <title>, <link rel=canonical> and lang attribute."""
    facts: dict[str, str] = {}

    def note(name: str, value: object) -> None:
        if isinstance(value, str) and (text := SPACE.sub(" ", well_formed(unescape(value))).strip()):
            facts.setdefault(name, text)

    for article in _json_ld(soup):
        note("headline", article.get("headline"))
        note("date", article.get("datePublished"))
        note("byline", _names(article.get("author")))
        note("site", _names(article.get("publisher")))
        note("url", article.get("url"))
    for meta in soup.find_all("meta"):
        key = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if key in META_FACTS:
            note(META_FACTS[key], meta.get("content"))
    canonical = soup.find("link", rel="canonical")
    if isinstance(canonical, Tag):
        note("url", canonical.get("href"))
    if isinstance(soup.title, Tag):
        note("page_title", soup.title.get_text())
    html = soup.find("html")
    if isinstance(html, Tag):
        note("language", html.get("lang"))
    return facts


def _json_ld(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """The article objects of a page's JSON-LD, also within lists and @graph."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            found = json.loads(script.get_text(), strict=False)
        except (ValueError, RecursionError):
            continue  # broken JSON-LD says nothing; the page's other metadata stands
        stack = [found]
        while stack:
            item = stack.pop()
            if isinstance(item, list):
                stack.extend(reversed(item))
            elif isinstance(item, dict):
                kinds = item.get("@type")
                if {str(k) for k in (kinds if isinstance(kinds, list) else [kinds])} & ARTICLE_TYPES:
                    yield item
                stack.extend(v for k, v in item.items() if k in ("@graph", "mainEntity"))


def _names(said: object) -> str | None:
    """The names in a JSON-LD author or publisher: a string, an object with a name, or a list of these."""
    if isinstance(said, str):
        return said
    if isinstance(said, dict):
        return _names(said.get("name"))
    if isinstance(said, list):
        return ", ".join(n for n in map(_names, said) if n) or None
    return None
