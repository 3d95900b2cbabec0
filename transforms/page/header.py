"""Who published an article, when, under what title: the blocks around the text, read by where they stand and how they look."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby

from transforms.language.dates import PrintedDate, find_dates, find_weekdays
from transforms.page.furniture import Fingerprints, Furniture
from transforms.page.prints import WORD, normalise

TEXT_KINDS = frozenset({"standfirst", "body", "crosshead"})
"""The kinds that make up articles.text."""

LONGEST_DATELINE = 120  # characters
LONGEST_FURNITURE = 2000  # characters of a block that furniture patterns are tried on
HEADER_BLOCKS = 12  # how far down a header reaches at the most
LONGEST_TITLE = 200
LONGEST_STATED = 1000  # characters of a title that a site's name is looked for in
LONGEST_LINE = 120  # characters of a date, byline, outlet or credit line
LONGEST_CROSSHEAD = 70
LONGEST_CAPTION = 300
LINK_LIST = 3  # headings in a row that make a list of links
WEEKDAY_REACH = 1500  # characters of a text in which a weekday may show the order of day and month
FEWEST_WORDS = 20  # words a text must have for its language to be told
LANGUAGE_REACH = 3000  # characters looked at for it
LEADING = 160  # characters of a text in which its date may stand
MOST_SECTIONS = 5  # words of section names before it
TAGS = re.compile(r"(?:tags?|keywords?|topics?|filed under|labels?)\s*:\s*\S.*", re.I)
BYLINE = re.compile(
    r"(?:written |story |report(?:ed)? |posted )?by:?\s+((?!the\b)[^\W\d_][\w.'’-]*(?:[ ,&]+[\w.'’-]+){0,12})", re.I
)
LABELS = {"title": "title", "headline": "title", "date": "date", "author": "byline", "byline": "byline", "outlet": "outlet",
          "publisher": "outlet", "publication": "outlet", "newspaper": "outlet", "url": "credit", "link": "credit"}  # fmt: skip
LABELLED = re.compile(rf"(?P<label>{'|'.join(LABELS)})\s?:\s*(?P<value>\S.{{0,300}})", re.I)
SIGNED_OFF = re.compile(r"(?:\s|^)(?:-{1,3}|—|–|\()\s?([A-Z][\w .&/-]{1,40}?)\)?\.?$")
DATE_WORDS = re.compile(
    r"\b(?:date of publication|publication date|published|posted|updated|last (?:updated|modified)|created|modified|dated?|on|at|in|am|pm|gmt|utc|"
    r"est|edt|bst|cet|local time|print|page \d+|news list|hrs?|\d+ min(?:ute)?s? read)\b|\d{1,2}[:.h]\d{2}(?::\d\d)?|[+-]\d{4}|[^\w]",
    re.I,
)
MOST_BESIDE_DATE = 24  # letters a date line may hold besides the date and the words that go with it
_CITY = r"[A-Z][A-Z'’.]+(?:[ -][A-Z][A-Z'’.]+){0,4}"
DATELINE = re.compile(
    rf"(?P<place>{_CITY}(?:\s\([A-Z][A-Z ]{{2,30}}\)(?=,))?(?:\s?/\s?{_CITY})?(?:,\s[A-Z][\w'’.-]{{1,20}}(?:\s[\w'’.-]{{1,20}}){{0,3}}){{0,2}})"
    r"(?:,?\s(?P<date>\d{1,2}\s[A-Za-z]{3,9}\.?(?:\s\d{2,4})?|[A-Z][a-z]{2,8}\.?\s\d{1,2}))?"
    r"(?:\s\((?P<wire>[A-Z][\w./ -]{1,30})\)\s?(?:-{1,2}|—|–|:)?|\s?(?:--|—|–|:|\s-))\s+(?=\S)"
)
PLAIN_DATELINE = re.compile(
    r"(?P<place>[A-Z][\w'’]{1,20}(?:[ -][A-Z][\w'’]{1,20}){0,3}(?:,\s[A-Z]\w+)?)\s"
    r"(?:\((?P<wire>[A-Z][\w./ -]{1,30})\)\s(?:-{1,2}|—|–)|(?:--|—))\s+(?=\S)"
)
WIRE_DATELINE = re.compile(
    r"(?P<place>[A-Z][\w'’]{1,20}(?:[ -][A-Z]?[\w'’]{1,20}){0,3}?)(?:,\s|\s[-–—]\s)(?P<wire>[A-Z][\w.’' -]{1,30}?)\s?(?:[-–—]|:)\s+(?=\S)"
)
TITLE_TAIL = re.compile(r"(?<!\s)\s*(?:\s[|–—-]|\||[–—-]\s)\s?(?P<name>[^|–—]{2,40})$")
TITLE_HEAD = re.compile(r"(?P<name>[^|–—]{2,40}?)\s[|–—-]\s")
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
ENGLISH = frozenset(
    [
        "the",
        "of",
        "to",
        "and",
        "in",
        "a",
        "that",
        "is",
        "was",
        "for",
        "on",
        "with",
        "as",
        "by",
        "at",
        "from",
        "it",
        "he",
        "said",
        "has",
        "have",
        "been",
        "were",
        "are",
        "had",
        "an",
        "be",
        "his",
        "their",
        "not",
        "which",
        "after",
    ]
)


@dataclass
class Piece:
    """A cleaned block on its way to a kind: its text, what the format hinted, the kind it got ("" = not yet)."""

    text: str
    hint: str = ""
    kind: str = ""
    dateline_end: int | None = None


@dataclass
class Header:
    """What an article says about itself; every answer with its basis, or None."""

    title: str | None = None
    byline: str | None = None
    outlet_id: str | None = None
    outlet_basis: str | None = None
    origin_outlet_id: str | None = None
    published_on: date | None = None
    published_on_other: date | None = None
    published_on_basis: str | None = None
    date_order: str = ""
    language: str | None = None
    url: str | None = None
    outlets_seen: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What reading a header takes from the lexicon: an outlet's id by its name as printed, or by its domain; which
    outlets are agencies; the order of day and month each outlet prints; furniture and fingerprints."""

    outlet_named: Callable[[str], str | None]
    outlet_of_url: Callable[[str], str | None]
    agencies: frozenset[str]
    date_orders: Mapping[str, str]
    furniture: Furniture
    fingerprints: Fingerprints


def read_header(pieces: list[Piece], facts: Mapping[str, str], known: Known) -> Header:
    """Give every piece its kind (in place) and say what they tell about the article."""
    header = Header(language=_language(pieces, facts), url=facts.get("url"))
    for piece in pieces:
        _judge_furniture(piece, header, known)
    _read_lines(pieces, header, known)
    _find_title(pieces, header, facts, known)
    _find_bodies(pieces)
    _find_dateline(pieces, header, known)
    _find_sign_off(pieces, header, known)
    _settle_outlet(header, facts, known)
    _settle_date(pieces, header, facts, known)
    header.byline = header.byline or facts.get("byline")
    return header


def _is_sentence(text: str) -> bool:
    return len(text) >= 60 or (bool(SENTENCE_END.search(text)) and len(text.split()) >= 5)


def _judge_furniture(piece: Piece, header: Header, known: Known) -> None:
    """Kinds that a block has by itself, wherever it stands."""
    if not piece.text:
        piece.kind = "unknown"
    elif said := known.fingerprints.outlet_of(piece.text):
        header.outlets_seen.setdefault("fingerprint", said[0])
        piece.kind = said[1]
    elif len(piece.text) <= LONGEST_FURNITURE and (judged := known.furniture.judge(piece.text)):
        piece.kind = judged.kind
        if judged.outlet and (outlet := known.outlet_named(judged.outlet)):
            header.outlets_seen.setdefault(judged.kind, outlet)
            if judged.kind == "credit":
                header.origin_outlet_id = header.origin_outlet_id or outlet
    elif piece.hint not in ("", "main", "heading", "title", "markdown"):
        piece.kind = piece.hint


def _read_lines(pieces: list[Piece], header: Header, known: Known) -> None:
    """Tags, credits, dates, bylines and outlet names that stand as lines of their own."""
    body_seen = False
    for i, piece in enumerate(pieces):
        in_header = not body_seen and i < HEADER_BLOCKS
        text = piece.text
        if piece.kind == "date":
            _note_dates(header, find_dates(text), "header_line")
        if piece.kind == "photo_credit":
            piece.kind = "credit"
            if i < 2 * HEADER_BLOCKS:
                _mark_caption(pieces, i)
        if piece.kind or piece.hint == "title":
            continue
        if piece.hint == "heading":
            if in_header and (outlet := known.outlet_named(text)):
                piece.kind = "outlet"
                _note_masthead(header, outlet, known)
            continue
        if in_header and (m := LABELLED.fullmatch(text)):
            _read_label(piece, m["label"].lower(), m["value"], header, known)
            continue
        if len(text) <= LONGEST_FURNITURE and TAGS.fullmatch(text):
            piece.kind = "tags"
        elif in_header and len(text) <= LONGEST_LINE and (dates := _date_line(text)):
            piece.kind = "date"
            _note_dates(header, dates, "header_line")
        elif (
            in_header and len(text) <= LONGEST_LINE and (m := BYLINE.fullmatch(text)) and not SENTENCE_END.search(text)
        ):
            piece.kind = "byline"
            header.byline = header.byline or m[1]
            _note_byline_outlet(header, m[1], known)
        elif len(text) <= LONGEST_LINE and (outlet := known.outlet_named(text)) and (in_header or i >= len(pieces) - 6):
            piece.kind = "outlet"
            if in_header:
                _note_masthead(header, outlet, known)
            else:
                header.origin_outlet_id = header.origin_outlet_id or outlet
        elif _is_sentence(text) and not (i == 0 and not SENTENCE_END.search(text)):
            body_seen = True
    for i, piece in enumerate(pieces[:HEADER_BLOCKS]):
        beside_date = any(p.kind == "date" for p in pieces[max(0, i - 1) : i + 2])
        could_be_title = any(not p.kind for p in pieces[:i])
        unnamed = not header.outlets_seen.keys() & {"masthead", "agency_line"}
        if (
            not piece.kind
            and could_be_title
            and unnamed
            and beside_date
            and len(piece.text.split()) <= 5
            and _is_name(piece.text)
        ):
            piece.kind = "outlet"  # a masthead nobody knows yet


def _read_label(piece: Piece, label: str, value: str, header: Header, known: Known) -> None:
    """A header line that says what it is: "URL: https://...", "Title: ..."."""
    kind = LABELS[label]
    piece.kind = kind
    if kind == "title":
        header.title = header.title or value
    elif kind == "date":
        _note_dates(header, find_dates(value), "header_line")
    elif kind == "byline":
        header.byline = header.byline or value
    elif kind == "outlet" and (outlet := known.outlet_named(value)):
        _note_masthead(header, outlet, known)
    elif label in ("url", "link"):
        header.url = header.url or value


def _is_name(text: str) -> bool:
    words = text.split()
    small = {"of", "the", "and", "&", "al", "de", "for", "in"}
    return bool(words) and not SENTENCE_END.search(text) and all(w[0].isupper() or w.lower() in small for w in words)


def _date_line(text: str) -> list[PrintedDate]:
    """The dates of a block that is nothing but a date and what goes with one, else none."""
    dates = find_dates(text)
    if not dates:
        return []
    rest = text
    for found in reversed(dates):
        rest = rest[: found.start] + rest[found.end :]
    return dates if len(DATE_WORDS.sub("", rest)) <= MOST_BESIDE_DATE else []


def _note_dates(header: Header, dates: list[PrintedDate], basis: str) -> None:
    """Take the first date as the publication date; any numeric date with one reading shows the order in use."""
    for found in dates:
        header.date_order = header.date_order or found.order
        if header.published_on is None:
            header.published_on, header.published_on_other = found.day, found.other
            header.published_on_basis = basis + (":weekday" if found.basis == "weekday" else "")


def _note_masthead(header: Header, outlet: str, known: Known) -> None:
    if outlet in known.agencies:
        header.outlets_seen.setdefault("agency_line", outlet)
    else:
        header.outlets_seen.setdefault("masthead", outlet)


def _note_byline_outlet(header: Header, byline: str, known: Known) -> None:
    """A byline's last part may be an agency: "Jane Doe, Associated Press"."""
    for part in reversed(re.split(r",| of | for ", byline)):
        if outlet := known.outlet_named(part.strip()):
            header.outlets_seen.setdefault("agency_line", outlet)
            return


def _mark_caption(pieces: list[Piece], credit: int) -> None:
    """The sentence right before a photo credit is its caption, where no body has begun or only that sentence stands
    between the title and the credit."""
    before = next((p for p in reversed(pieces[max(0, credit - 1) : credit]) if not p.kind and p.hint != "title"), None)
    open_sentences = [p for p in pieces[:credit] if not p.kind and p.hint != "title" and SENTENCE_END.search(p.text)]
    if before and before.text and len(before.text) <= LONGEST_CAPTION and open_sentences == [before]:
        before.kind = "caption"


def _find_title(pieces: list[Piece], header: Header, facts: Mapping[str, str], known: Known) -> None:
    """The title. On a page: what two of its headline, its JSON-LD and its Open Graph title agree on, else what the
    metadata say, else the headline. In a text: the first line before the text that is no sentence and no dateline.
    A site's name before or after it is left out and shows who published it."""
    said = {n: _bare_title(facts[n], header, known) for n in ("headline", "og_title", "page_title") if facts.get(n)}
    if header.title:  # a line labelled as the title
        return
    stated = [said[name] for name in ("headline", "og_title") if name in said]
    if printed := _printed_title(pieces, stated):
        printed.kind = "title"
        stated.append(_bare_title(printed.text, header, known))
    agreed = [s for s in stated if sum(_likeness(s, other) == 1.0 for other in stated) > 1]
    by_weight = [*agreed, *filter(None, [said.get("og_title")]), *stated, *filter(None, [said.get("page_title")])]
    header.title = next(iter(by_weight), None)
    for piece in pieces:
        if piece.hint == "title" and not piece.kind:
            piece.kind = "furniture"


def _printed_title(pieces: list[Piece], stated: list[str]) -> Piece | None:
    """The block that prints the title: of a page's main headings the one most like what its metadata state, else any
    heading that says the same; else the first line that could be one."""
    headlines = [p for p in pieces if p.hint == "title" and not p.kind]
    if headlines:
        return max(headlines, key=lambda p: _likeness(p.text, *stated))
    for piece in pieces if stated else []:
        if piece.hint in ("heading", "furniture", "related") and _likeness(piece.text, stated[0]) == 1.0:
            return piece
    first = next((p for p in pieces if not p.kind and p.hint != "heading"), None)
    fits = first is not None and pieces.index(first) < HEADER_BLOCKS and _could_be_title(first, pieces)
    return first if fits else None


def _likeness(text: str, *others: str) -> float:
    """The share of words two titles have in common (Jaccard); 0 against none."""
    own = _title_words(text)
    shares = []
    for theirs in map(_title_words, others):
        shared = len(own & theirs)
        shares.append(shared / max(1, len(own) + len(theirs) - shared))
    return max(shares, default=0.0)


@lru_cache(maxsize=32)  # a page's title is compared with every heading
def _title_words(title: str) -> frozenset[str]:
    return frozenset(normalise(title).split())


def _bare_title(title: str, header: Header, known: Known) -> str:
    """A title without the names of its site around it: "Convoy leaves | The Wire" → "Convoy leaves"."""
    while len(title) <= LONGEST_STATED:
        for m in (TITLE_TAIL.search(title), TITLE_HEAD.match(title)):
            if m and (outlet := known.outlet_named(m["name"])):
                header.outlets_seen.setdefault("title", outlet)
                title = (title[: m.start()] if m.start() else title[m.end() :]).strip()
                break
        else:
            break
    return title


def _could_be_title(piece: Piece, pieces: list[Piece]) -> bool:
    text = piece.text
    after = [p for p in pieces[pieces.index(piece) + 1 :] if not p.kind]
    if not after or len(text) > LONGEST_TITLE or _dateline(text):
        return False
    dated = [d for p in after[:1] for d in find_dates(p.text[:40]) if d.start == 0]
    if SENTENCE_END.search(text) and not text.endswith(("?", "!", "...", "…")) and not dated:
        return False
    leading = find_dates(text[:40])
    return not (leading and leading[0].start == 0)


def _find_bodies(pieces: list[Piece]) -> None:
    """What is left is the text: body, standfirst where header lines follow, crosshead where it is a short line."""
    left = [i for i, p in enumerate(pieces) if not p.kind]
    on_page = any(p.hint == "main" for p in pieces)
    for i in left:
        piece = pieces[i]
        if on_page and piece.hint == "" and piece.kind == "":
            piece.kind = "furniture" if not _is_sentence(piece.text) else "related"
    left = [i for i in left if not pieces[i].kind]
    last = left[-1] if left else -1
    for i in left:
        text = pieces[i].text
        in_header = i < HEADER_BLOCKS
        lines_follow = in_header and any(p.kind in ("date", "outlet", "byline") for p in pieces[i + 1 : i + 4])
        title_before = in_header and any(p.kind == "title" for p in pieces[:i])
        short = len(text) <= LONGEST_CROSSHEAD and not re.search(r"[.!?…:;,][\"'”’)]*$", text)
        if lines_follow and title_before and i == left[0] and not _dateline(text) and len(left) > 1:
            pieces[i].kind = "standfirst"
        elif (pieces[i].hint == "heading" and not _is_sentence(text)) or (
            short and i != left[0] and i != last and len(text.split()) <= 9
        ):
            pieces[i].kind = "crosshead"
        else:
            pieces[i].kind = "body"
    _drop_link_lists([pieces[i] for i in left])


def _drop_link_lists(text: list[Piece]) -> None:
    """Headings in a row head nothing: they are a list of links to other articles."""
    for kind, group in groupby([*text, Piece("", kind="end")], key=lambda p: p.kind):
        run = list(group)
        if kind == "crosshead" and len(run) >= LINK_LIST and all(p.hint == "heading" for p in run):
            for piece in run:
                piece.kind = "related"


def _dateline(text: str) -> re.Match[str] | None:
    """The dateline a block opens with; capitals alone are not enough for a block that is all in capitals."""
    m = DATELINE.match(text, 0, LONGEST_DATELINE) or PLAIN_DATELINE.match(text, 0, LONGEST_DATELINE)
    if m and len(text) - m.end() > 20:
        return m
    return None


def _wire_dateline(text: str, known: Known) -> re.Match[str] | None:
    """ "Deir Ezzor, SANA - ": a place and a known agency."""
    m = WIRE_DATELINE.match(text, 0, LONGEST_DATELINE)
    return m if m and known.outlet_named(m["wire"]) and len(text) - m.end() > 20 else None


def _find_dateline(pieces: list[Piece], header: Header, known: Known) -> None:
    bodies = [p for p in pieces if p.kind in ("body", "standfirst")]
    for piece in bodies[:3]:
        if m := _dateline(piece.text) or _wire_dateline(piece.text, known):
            for again in bodies:  # a page printed twice prints its dateline twice
                if again.text.startswith(m[0]):
                    again.dateline_end = m.end()
            filed = m.groupdict().get("date")
            if filed and (dates := find_dates(filed)):
                _note_dates(header, dates, "dateline")
            if m["wire"] and (outlet := known.outlet_named(m["wire"])):
                header.origin_outlet_id = header.origin_outlet_id or outlet
            return
    if bodies:
        _find_leading_date(bodies[0].text, header, known)


def _find_leading_date(text: str, header: Header, known: Known) -> None:
    """A date in a text's first line: at its start, or behind the title printed again, section names or an agency's."""
    start = _after_title(text, header.title or "")
    dates = [d for d in find_dates(text[: start + LEADING]) if d.start >= start]
    if not dates:
        return
    before = text[start : dates[0].start].strip(" ,.-–—|")
    agency = (
        next((o for n in (1, 2) if (o := known.outlet_named(" ".join(before.split()[-n:])))), None) if before else None
    )
    sections = len(before.split()) <= MOST_SECTIONS and _is_name(before) if before else True
    if agency or sections or not DATE_WORDS.sub("", before):
        _note_dates(header, dates[:1], "leading_text")
        if agency:
            _note_masthead(header, agency, known)


def _after_title(text: str, title: str) -> int:
    """Where a text goes on that prints its title again at the start; 0 where it does not."""
    words = normalise(title).split()
    end = 0
    for n, m in enumerate(WORD.finditer(text)):
        if n == len(words):
            return end
        if m[0].casefold() != words[n]:
            return 0
        end = m.end()
    return 0


def _find_sign_off(pieces: list[Piece], header: Header, known: Known) -> None:
    """ "--Reuters", "(AFP)" at the end of the text."""
    body = next((p for p in reversed(pieces) if p.kind in TEXT_KINDS), None)
    if body and (m := SIGNED_OFF.search(body.text[-60:])) and (outlet := known.outlet_named(m[1])):
        header.origin_outlet_id = header.origin_outlet_id or outlet


def _settle_outlet(header: Header, facts: Mapping[str, str], known: Known) -> None:
    """The publisher by the strongest evidence: its address, the page's own word, the masthead, its furniture, its form."""
    seen = header.outlets_seen
    evidence = [
        ("url", known.outlet_of_url(header.url or "")),
        ("metadata", known.outlet_named(facts.get("site", ""))),
        ("masthead", seen.get("masthead")),
        ("title", seen.get("title")),
        (
            "furniture",
            next((seen[k] for k in ("comment_policy", "copyright", "furniture", "share") if k in seen), None),
        ),
        ("fingerprint", seen.get("fingerprint")),
        ("agency_line", seen.get("agency_line") if not header.origin_outlet_id else None),
    ]
    basis, header.outlet_id = next(((b, o) for b, o in evidence if o), (None, None))
    header.outlet_basis = basis
    agency = seen.get("agency_line")
    header.origin_outlet_id = header.origin_outlet_id or agency or header.outlet_id


def _settle_date(pieces: list[Piece], header: Header, facts: Mapping[str, str], known: Known) -> None:
    """The publication date: metadata before print, and the order of day and month by the document's own evidence,
    then by the outlet's habit; left open (the first reading and the `other` one) where neither decides."""
    for name, basis in (("record_date", "record"), ("date", "metadata"), ("page_date", "page")):
        if dates := find_dates(facts.get(name, "")):
            header.published_on, header.published_on_other = dates[0].day, dates[0].other
            header.published_on_basis = basis
            header.date_order = header.date_order or dates[0].order
            break
    if header.published_on is None or header.published_on_other is None:
        return
    order, basis = header.date_order, "other_date"
    if not order and header.outlet_id:
        order, basis = known.date_orders.get(header.outlet_id, ""), "outlet_habit"
    if not order:
        order, basis = _order_by_weekdays(header.published_on, header.published_on_other, pieces), "body_weekday"
    if order in ("DMY", "MDY"):
        if order == "MDY":
            header.published_on = header.published_on_other
        header.published_on_other = None
        header.published_on_basis = f"{header.published_on_basis}:{basis}"


def _order_by_weekdays(day_first: date, month_first: date, pieces: list[Piece]) -> str:
    """The reading that fits the first weekday the text names: news is of the day of publication or the day before."""
    text = " ".join(p.text for p in pieces if p.kind in TEXT_KINDS)[:WEEKDAY_REACH]
    for weekday in find_weekdays(text)[:1]:
        back = [(day.weekday() - weekday) % 7 for day in (day_first, month_first)]
        if min(back) <= 1 and max(back) >= 2:
            return "DMY" if back[0] < back[1] else "MDY"
    return ""


def _language(pieces: list[Piece], facts: Mapping[str, str]) -> str | None:
    """The page's own word (BCP 47, the first part); else "en" where a twelfth of the words are English function words;
    else what CLD2 finds (ISO 639-1); None for a text too short to tell."""
    if said := facts.get("language"):
        return said.split("-")[0].split("_")[0].strip().lower() or None
    text = " ".join(p.text for p in pieces[:40])
    words = text.lower().split()
    if words and sum(map(ENGLISH.__contains__, words)) >= len(words) / 12:
        return "en"
    if len(words) < FEWEST_WORDS:
        return None
    import pycld2  # most texts are plainly English and never need it

    try:
        is_reliable, _, found = pycld2.detect(text[:LANGUAGE_REACH])
    except pycld2.error:  # bytes that are no UTF-8 for it, such as control characters
        return None
    return str(found[0][1]) if is_reliable else None
