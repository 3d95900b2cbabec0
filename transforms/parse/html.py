"""Web pages: visible text block by block, what the markup says of each, and the page's own metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, CData, NavigableString, Tag
from bs4.element import PreformattedString

from transforms.parse.block import Block, Parsed
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
LEAST_BODY = 25  # words in a run of paragraphs for it to be the article's own
ARTICLE_TYPES = {"Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "AnalysisNewsArticle", "Report"}
META_FACTS = {
    "og:title": "title", "twitter:title": "title", "article:published_time": "date", "date": "date",
    "dc.date": "date", "dc.date.issued": "date", "datepublished": "date", "pubdate": "date", "publish-date": "date",
    "parsely-pub-date": "date", "author": "byline", "article:author": "byline", "og:site_name": "site", "og:url": "url",
}  # fmt: skip


def parse_html(raw: bytes) -> Parsed:
    """A page's visible text in page order, furniture included; its blocks with hints; its metadata as facts."""
    declared = DECLARED.search(raw[:4096])
    name = (declared[1] or declared[2]).decode("ascii") if declared else None
    source, encoding, basis = decode(raw, name)
    soup = BeautifulSoup(source, "lxml")
    main = _main_part(soup)
    pieces: list[str] = []
    blocks: list[Block] = []
    at = 0
    for text, hint in _blocks(soup.body or soup, main):
        blocks.append(Block(at, at + len(text), hint))
        pieces.append(text)
        at += len(text) + 1
    return Parsed("\n".join(pieces), blocks, "text/html", encoding, basis, _facts(soup))


def _main_part(soup: BeautifulSoup) -> Tag | None:
    """The element that holds the article: the densest in paragraph text, each paragraph counting for its parent and,
    half, for its grandparent (Arc90's Readability, 2009); None where no run of paragraphs is long enough."""
    scores: dict[int, tuple[float, Tag]] = {}
    for paragraph in soup.find_all(["p", "blockquote", "li"]):
        length = len(paragraph.get_text(" ", strip=True))
        linked = sum(len(a.get_text(" ", strip=True)) for a in paragraph.find_all("a"))
        if length - linked < LEAST_BODY or _hint(paragraph) not in ("", "standfirst"):
            continue
        weight = (length - linked) * (0.3 if paragraph.name == "li" else 1.0)
        for share, element in zip((1.0, 0.5), paragraph.parents, strict=False):
            total, _ = scores.get(id(element), (0.0, element))
            scores[id(element)] = (total + share * weight, element)
    best = max(scores.values(), key=lambda s: s[0], default=None)
    return best[1] if best and best[0] >= LEAST_BODY * 4 else None


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


def _blocks(root: Tag, main: Tag | None) -> Iterator[tuple[str, str]]:
    """(text, hint) of every visible block, in page order; a hint is a paragraph kind, "main", "heading" or ""."""
    run: list[str] = []
    linked = 0
    state = {"hint": "", "heading": ""}

    def flush() -> Iterator[tuple[str, str]]:
        nonlocal linked
        text = SPACE.sub(" ", "".join(run)).strip()
        if text:
            hint = state["heading"] or state["hint"]
            if linked > MOST_LINKED * len(text) and hint in ("", "heading"):
                hint = "navigation"
            yield text, hint
        run.clear()
        linked = 0

    def walk(tag: Tag, hint: str, heading: str, in_link: bool) -> Iterator[tuple[str, str]]:
        nonlocal linked
        for child in tag.children:
            if isinstance(child, Tag):
                if child.name in INVISIBLE or child.get("hidden") is not None or child.get("aria-hidden") == "true":
                    continue
                inline = child.name in INLINE
                own = "main" if child is main else (_hint(child) if not inline or child.name == "time" else "")
                deeper = hint if hint in ("navigation", "furniture", "related") and own != "main" else (own or hint)
                if child.name == "br":
                    run.append("\n")
                elif inline and not (child.name == "time" and not run):
                    yield from walk(child, deeper if own else hint, heading, in_link or child.name == "a")
                else:
                    yield from flush()
                    head = "title" if child.name == "h1" else "heading" if child.name in HEADINGS else heading
                    if deeper in ("navigation", "furniture", "related"):
                        head = ""
                    state.update(hint=deeper, heading=head)
                    yield from walk(child, deeper, head, in_link)
                    yield from flush()
                    state.update(hint=hint, heading=heading)
            elif isinstance(child, NavigableString) and (
                not isinstance(child, PreformattedString) or isinstance(child, CData)
            ):
                state.update(hint=hint, heading=heading) if not run else None
                run.append(str(child))
                linked += len(str(child).strip()) if in_link else 0

    yield from walk(root, "", "", False)
    yield from flush()


def _facts(soup: BeautifulSoup) -> dict[str, str]:
    """Metadata by name: JSON-LD first, then meta tags, then the <title>, <link rel=canonical> and lang attribute."""
    facts: dict[str, str] = {}

    def note(name: str, value: object) -> None:
        if isinstance(value, str) and (text := SPACE.sub(" ", value).strip()):
            facts.setdefault(name, text)

    for article in _json_ld(soup):
        note("title", article.get("headline"))
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
    time = soup.find("time", attrs={"datetime": True})
    if isinstance(time, Tag):
        note("time", time.get("datetime"))
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
                if set(kinds if isinstance(kinds, list) else [str(kinds)]) & ARTICLE_TYPES:
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
