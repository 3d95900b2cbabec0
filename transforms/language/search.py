"""Many phrases looked for in one pass over a text, as whole words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import ahocorasick_rs

SPACED = bytes(c if chr(c).isalnum() and c < 128 else ord(" ") for c in range(256))


def _spaced(folded: str) -> bytes:
    """A folded text with a space for all that is no ASCII letter or digit, and one on either side, a byte a character."""
    return b" " + folded.encode("ascii", "replace").translate(SPACED) + b" "


class WordSearch:
    """Folded phrases, searched for at once (Aho & Corasick 1975) with the spaces around them, so that the automaton never
    stops inside a word: half of what it would find lies there."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = phrases
        spaced: dict[bytes, list[int]] = defaultdict(list)
        self._others: list[int] = []  # in other scripts, which a byte a character cannot tell apart
        for number, phrase in enumerate(phrases):
            if phrase.isascii():
                spaced[_spaced(phrase)].append(number)
            else:
                self._others.append(number)
        self._numbers = list(spaced.values())
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(spaced))
        self._other = ahocorasick_rs.AhoCorasick([phrases[number] for number in self._others])

    def find(self, folded: str) -> list[tuple[int, int, int]]:
        """(number of the phrase, start, end) wherever one stands between what is no letter or digit, overlapping ones too.

        >>> WordSearch(["deir ez zor", "zor", "u.s.", "hama"]).find("the u.s. near deir ez zor, not mohammad")
        [(2, 4, 8), (0, 14, 25), (1, 22, 25)]
        """
        phrases, numbers = self._phrases, self._numbers
        found = [
            (number, start, end - 2)
            for which, start, end in self._automaton.find_matches_as_indexes(
                _spaced(folded), overlapping=True
            )
            for number in numbers[which]
            if phrases[number] == folded[start : end - 2]
        ]
        if folded.isascii():
            return found
        found += [
            (self._others[n], a, b)
            for n, a, b in self._other.find_matches_as_indexes(folded, overlapping=True)
        ]
        bounded = f"{folded} "  # before the first stands the space at the end
        return [hit for hit in found if not (bounded[hit[2]].isalnum() or bounded[hit[1] - 1].isalnum())]
