"""Which blocks of a page are its article: our own judgement from the page's tree, and trafilatura's where that is in doubt.

The article is the element in which prose outweighs everything else that stands there. Most pages show one such element
plainly; only where another rivals it, or little prose is in it, is trafilatura asked, whose answer is a text and becomes a
judgement over our own blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from trafilatura import extract

from transforms.page.prints import WORD
from transforms.parse.prose import MOST_LINKED, Elements, PageBlock, is_prose, is_sentence

ENCLOSING = {"navigation", "furniture", "related", "comment_policy", "advertisement"}
# Up to how many characters markup can make captions and so on of what stands in the main text: an element that says so
# of more is one around the article itself (class="page-with-author").
LONGEST_OF_KIND = {"caption": 400, "credit": 120, "date": 120, "byline": 120, "tags": 200}
LONGEST_ASIDE = (
    1000  # characters of prose above which no caption, credit, date, byline or list of tags is believed
)
# Share of a page's prose above which what an element (or a word of classes) says of it is not believed: it stands around
# the article. Comments are longer than many an article.
MOST_SAID, MOST_COMMENTS = 0.5, 0.95
# Characters of prose that a block of another kind outweighs.
COST = {
    "links": 80,
    "title": 60,
    "heading": 60,
    "caption": 0,
    "byline": 0,
    "date": 0,
    "credit": 0,
    "standfirst": 0,
}
COST_OF_OTHERS = 40
PARAGRAPHS = {"p", "li", "blockquote", "dd", "dt", "pre", "td", "q"}  # a short one may belong to the text
ARTICLE = re.compile(
    r"(?:article|story|post|entry|news|content|page|text)[-_]*(?:body|content|text)|body-?copy|fulltext"
    r"|(?<!\S)(?:article|story|post|entry)(?!\S)",
    re.I,
)
NEAREST = 3  # elements from the best one outwards of which one may be named an article
MOST_RIVALRY = 0.4  # share of the best element's score that another may have
LEAST_DENSE = 0.3  # score for a character of prose
# Blocks, characters and share of the page's prose from which an element is the article beyond doubt: one that is named
# so, and any other.
LEAST_NAMED, LEAST_OTHER = (2, 300, 0.0), (3, 600, 0.5)
HEADINGS_BEFORE = 2  # blocks before the article's first sentence in which a heading belongs to it
LONGEST_GAP = 6  # blocks between two blocks of the main text that may belong to it
MOST_SHARED = 0.6  # share of a block's three-word runs in the main text from which it belongs to it


class _Choice(NamedTuple):
    """For each block whether it is main text, and whether that is sure."""

    main: list[bool]
    is_sure: bool


def judged(found: Sequence[PageBlock], elements: Elements, source: str) -> list[str]:
    """A hint for each block, "main" or "heading" where it stands in the article and its markup does not say otherwise.

    `elements` are in page order and begin with the root; `source` is the page, for trafilatura.
    """
    prose = [is_prose(block) for block in found]
    said = _believed(elements, _sums(elements, _by_element(found, prose, len(elements.parents))))
    hints = [_own_hint(block, said[block.element][0]) for block in found]
    choice = _chosen(found, elements, prose, hints)
    main = choice.main
    if not choice.is_sure:
        main = _completed(found, elements, hints, _in_main([block.text for block in found], source))
    lengths: Counter[int] = Counter()
    for block in found:
        lengths[said[block.element][1]] += len(block.text)
    return [
        _judged(hint, lengths[said[block.element][1]], is_main, is_sentence(block.text))
        for block, hint, is_main in zip(found, hints, main, strict=True)
    ]


def _own_hint(block: PageBlock, said: str) -> str:
    return "links" if block.linked > MOST_LINKED * len(block.text) and said in ("", "heading") else said


def _judged(hint: str, length: int, is_main: bool, ends: bool) -> str:
    """A block's hint once the main text is known; `length` is how many characters the hint was given to in all, `ends`
    whether the block is a sentence."""
    if hint == "links":
        return "main" if is_main and ends else "navigation"
    if hint == "title" or length <= LONGEST_OF_KIND.get(hint, 0):
        return hint
    if is_main:
        return "heading" if hint == "heading" else "main"
    return "furniture" if hint in ("heading", "") else hint


def _by_element(found: Sequence[PageBlock], counted: Sequence[bool], size: int) -> list[int]:
    """For each element, the characters of the counted blocks right in it."""
    own = [0] * size
    for block, is_counted in zip(found, counted, strict=True):
        if is_counted:
            own[block.element] += len(block.text)
    return own


def _sums(elements: Elements, own: list[int]) -> list[int]:
    """For each element, the sum of `own` over it and all in it."""
    sums = own[:]
    for place in range(len(elements.parents) - 1, 0, -1):
        sums[elements.parents[place]] += sums[place]
    return sums


def _believed(elements: Elements, prose: list[int]) -> list[tuple[str, int]]:
    """For each element, the hint that holds in it and the element that gave it: the innermost one, but what a menu or a
    footer says holds for all in it. Not believed is what is said of most of the page's prose.
    """
    most = MOST_SAID * prose[0]
    by_word: Counter[str] = Counter()
    for (hint, word), parent, length in zip(elements.says, elements.parents, prose, strict=True):
        if hint and word != elements.says[parent][1] and length <= most:
            by_word[word] += length
    said = [("", 0)]
    for place in range(1, len(elements.parents)):
        (hint, word), around, length = elements.says[place], said[elements.parents[place]], prose[place]
        if not hint or around[0] in ENCLOSING:
            believed = False
        elif not length or hint in ("title", "heading"):
            believed = True
        elif hint == "comment_policy":
            believed = length <= MOST_COMMENTS * prose[0]
        else:
            believed = max(length, by_word[word]) <= most and (
                hint not in LONGEST_OF_KIND or length <= LONGEST_ASIDE
            )
        said.append((hint, place) if believed else around)
    return said


def _chosen(
    found: Sequence[PageBlock], elements: Elements, prose: Sequence[bool], hints: Sequence[str]
) -> _Choice:
    """The blocks of the article in the element whose prose most outweighs what else is in it."""
    size = len(elements.parents)
    is_open = [counts and hint in ("", "standfirst") for counts, hint in zip(prose, hints, strict=True)]
    own, blocks = [0] * size, [0] * size
    for block, counts, hint in zip(found, is_open, hints, strict=True):
        if counts:
            own[block.element] += len(block.text)
            blocks[block.element] += 1
        elif hint or elements.tags[block.element] not in PARAGRAPHS:
            own[block.element] -= COST.get(hint, COST_OF_OTHERS)
    scores, blocks = _sums(elements, own), _sums(elements, blocks)
    best = max((i for i, n in enumerate(blocks) if n > 1 or not i), key=lambda i: (scores[i], i))
    end = next(
        (i for i in range(best + 1, size) if elements.parents[i] < best), size
    )  # what is in it follows it
    lengths = _sums(elements, _by_element(found, is_open, size))
    said = [counts and hint != "comment_policy" for counts, hint in zip(prose, hints, strict=True)]
    least = LEAST_NAMED if _is_named(elements, best) else LEAST_OTHER
    is_sure = (
        blocks[best] >= least[0]
        and lengths[best] >= max(least[1], least[2] * sum(_by_element(found, said, size)))
        and scores[best] >= LEAST_DENSE * lengths[best]
        and _rival(elements, scores, best, end) <= MOST_RIVALRY * scores[best]
    )
    return _Choice(_members(found, elements, hints, is_open, range(best, end)), is_sure)


def _members(
    found: Sequence[PageBlock],
    elements: Elements,
    hints: Sequence[str],
    is_open: Sequence[bool],
    article: range,
) -> list[bool]:
    """For each block whether it is of the article, given the elements in that: prose, headings and linked sentences
    among prose, and short blocks that are paragraphs among it or stand in the same tags and classes."""
    prose = [i for i, block in enumerate(found) if is_open[i] and block.element in article]
    main = [False] * len(found)
    if not prose:
        return main
    first, last = prose[0], prose[-1]
    paths = {elements.paths[found[i].element] for i in prose}
    for i, (block, hint) in enumerate(zip(found, hints, strict=True)):
        if block.element not in article:
            continue
        if is_open[i]:
            main[i] = True
        elif hint == "heading":
            main[i] = first - HEADINGS_BEFORE <= i <= last
        elif hint == "links":
            main[i] = first <= i <= last
        elif hint in ("", "standfirst") and i >= first:
            is_paragraph = i <= last and elements.tags[block.element] in PARAGRAPHS
            main[i] = is_paragraph or elements.paths[block.element] in paths
    return main


def _is_named(elements: Elements, place: int) -> bool:
    """Whether an element or one close around it is called an article by its tag, class or id."""
    for _ in range(NEAREST):
        if elements.tags[place] in ("article", "main") or ARTICLE.search(elements.names[place]):
            return True
        place = elements.parents[place]
    return False


def _rival(elements: Elements, scores: Sequence[int], best: int, end: int) -> int:
    """The highest score, from 0, of the elements that are neither around the best one nor, up to `end`, in it."""
    around, place = {0}, best
    while place:
        around.add(place)
        place = elements.parents[place]
    others = (score for i, score in enumerate(scores) if i not in around and not best <= i < end)
    return max(others, default=0)


def _in_main(blocks: list[str], source: str) -> list[bool]:
    """For each block, whether most of its runs of three words stand in the main text that trafilatura finds."""
    # As good as its slower ways on whole sets, and twice as fast on the pages it is asked about.
    main = extract(source, include_comments=False, fast=True, favor_recall=True) or ""
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


def _completed(
    found: Sequence[PageBlock], elements: Elements, hints: Sequence[str], main: Sequence[bool]
) -> list[bool]:
    """The main text with the sentences that belong to it and that no markup sets apart: those between two of its
    blocks, and those that stand in the same tags and classes as three of its sentences."""
    open_to_it = [hint == "" and is_sentence(block.text) for block, hint in zip(found, hints, strict=True)]
    paths = [elements.paths[block.element] for block in found]
    shared = Counter(
        path for path, inside, fits in zip(paths, main, open_to_it, strict=True) if inside and fits
    )
    whole = [i or (fits and shared[path] >= 3) for path, i, fits in zip(paths, main, open_to_it, strict=True)]
    for before, after in pairwise([i for i, inside in enumerate(whole) if inside]):
        if after - before <= LONGEST_GAP:
            whole[before + 1 : after] = open_to_it[before + 1 : after]
    return whole


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return [tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))] if words else []
