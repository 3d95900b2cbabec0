from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.page.clean import LIGATURES, clean, raw_offset

MESSY = st.text(alphabet="ab -\n\r\t\xa0\xad\u200b\u2028ﬁﬄ’é", max_size=40)


@given(MESSY)
def test_every_clean_character_leads_back_to_its_raw_one(raw: str) -> None:
    cleaned = clean(raw)
    before = -1
    for i, character in enumerate(cleaned.text):
        origin = raw_offset(cleaned.shifts, i)
        assert before <= origin < len(raw)
        assert (
            raw[origin] == character
            or (character == " " and raw[origin].isspace())
            or character in LIGATURES.get(raw[origin], "")
        )
        before = origin


@given(MESSY)
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    once = clean(raw).text
    assert clean(once).text == once


def test_what_fired_is_kept() -> None:
    assert clean("Deir\nez-Zor").fired == ["clean_breaks"]
    assert clean("plain").fired == []
