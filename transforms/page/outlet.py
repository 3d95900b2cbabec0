"""Who published an article: mastheads, bylines, credits, its last words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.page.piece import TEXT_KINDS, Header, Known, Piece

SIGNED_OFF = re.compile(r"(?:\s|^)(?:-{1,3}|—|–|\()\s?([A-Z][\w .&/-]{1,40}?)\)?\.?$")


def note_masthead(header: Header, outlet: str, known: Known) -> None:
    """Keep an outlet that a page prints at its head: an agency as the one that wrote it, any other as its publisher."""
    if outlet in known.agencies:
        header.outlets_seen.setdefault("agency_line", outlet)
    else:
        header.outlets_seen.setdefault("masthead", outlet)


def note_byline_outlet(header: Header, byline: str, known: Known) -> None:
    """A byline's last part may be an agency: "Jane Doe, Associated Press"."""
    for part in reversed(re.split(r",| of | for ", byline)):
        if outlet := known.outlet_named(part.strip()):
            header.outlets_seen.setdefault("agency_line", outlet)
            return


def find_sign_off(pieces: list[Piece], header: Header, known: Known) -> None:
    """ "--Reuters", "(AFP)" at the end of the text."""
    body = next((p for p in reversed(pieces) if p.kind in TEXT_KINDS), None)
    if body and (m := SIGNED_OFF.search(body.text[-60:])) and (outlet := known.outlet_named(m[1])):
        header.origin_outlet_id = header.origin_outlet_id or outlet


def settle_outlet(header: Header, facts: Mapping[str, str], known: Known) -> None:
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
