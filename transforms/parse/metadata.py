"""What a page says of itself where nobody reads it: meta elements, JSON-LD, its head."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any

from bs4 import BeautifulSoup, Tag

from transforms.page.clean import apply, clean_controls
from transforms.parse.block import well_formed

SPACE = re.compile(r"\s+")
JSON_LD = "application/ld+json"
ARTICLE_TYPES = {
    "Article",
    "NewsArticle",
    "ReportageNewsArticle",
    "BlogPosting",
    "AnalysisNewsArticle",
    "Report",
}
META_FACTS = {
    "og:title": "og_title",
    "article:published_time": "date",
    "date": "date",
    "dc.date": "date",
    "dc.date.issued": "date",
    "datepublished": "date",
    "pubdate": "date",
    "publish-date": "date",
    "parsely-pub-date": "date",
    "author": "byline",
    "article:author": "byline",
    "og:site_name": "site",
    "og:url": "url",
}


def facts_of(root: Any) -> dict[str, str]:
    """Metadata by name: JSON-LD first, then meta tags, then the <title>, <link rel=canonical> and lang attribute."""
    soup = _metadata(root)
    facts: dict[str, str] = {}

    def note(name: str, value: object) -> None:
        if isinstance(value, str) and (text := SPACE.sub(" ", well_formed(unescape(value))).strip()):
            facts.setdefault(name, apply(clean_controls, text))

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
        note("page_title", soup.title.string)
    note("language", root.get("lang"))
    return facts


def _metadata(root: Any) -> BeautifulSoup:
    """A soup of the elements that hold metadata alone: that of a whole page costs more than all else in reading it."""
    soup = BeautifulSoup("", "html.parser")
    telling = [node for node in root.iter("meta", "link", "script") if _is_telling(node)]
    for node in [*telling, *islice(root.iter("title"), 1)]:
        tag = soup.new_tag(node.tag, attrs=dict(node.items()))
        if text := "".join(node.itertext()):
            tag.string = text
        soup.append(tag)
    return soup


def _is_telling(node: Any) -> bool:
    """Whether a meta, link or script element holds a fact."""
    if node.tag == "meta":
        return (node.get("property") or node.get("name") or node.get("itemprop") or "").lower() in META_FACTS
    return node.get("type") == JSON_LD or "canonical" in (node.get("rel") or "")


def _json_ld(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """The article objects of a page's JSON-LD, also within lists and @graph."""
    for script in soup.find_all("script", type=JSON_LD):
        try:
            found = json.loads(script.string or "", strict=False)
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
