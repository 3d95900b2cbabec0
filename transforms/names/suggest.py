"""What the names nobody knew could be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from transforms.language.spelling import fold, sound_key
from transforms.names.context import has_place_cue
from transforms.names.lexicon import Lexicon


# ------------------------------------------------------------------ suggestions
@dataclass(frozen=True)
class Suggestion:
    """What a name that nobody knew could be: an alias of an entity, or a new force or place; and why."""

    proposal: str
    entity_id: str
    nearest: str
    why: str


def suggest(name: str, contexts: Iterable[tuple[str, int, int]], lexicon: Lexicon) -> Suggestion:
    """What to do about an unknown name, from its spelling and from where it stands (text, start, end)."""
    places = list(contexts)
    cues = sum(has_place_cue(fold(text), start, end, lexicon) for text, start, end in places)
    led = f"{cues} of {len(places)} times a preposition or a place term stands beside it"
    if near := lexicon.nearest(name):
        entity = near[0].entity
        return Suggestion(
            f"{entity.entity_type} alias",
            entity.entity_id,
            near[0].text,
            f"the same sounds as {near[0].text!r}; {led}",
        )
    if not lexicon.force_words.isdisjoint(fold(name).split()):
        return Suggestion("new force", "", "", "a force's word is in the name")
    key = sound_key(name)
    for close in get_close_matches(key, lexicon.sounds, n=1, cutoff=0.85) if len(key) >= 5 else []:
        alias = lexicon.sounds[close][0]
        if get_close_matches(fold(name), [fold(alias.text)], cutoff=0.8):
            return Suggestion(
                f"{alias.entity.entity_type} alias",
                alias.entity.entity_id,
                alias.text,
                f"nearly the spelling of {alias.text!r}; {led}",
            )
    if places and 2 * cues > len(places):
        return Suggestion("new place", "", "", led)
    return Suggestion("look", "", "", led)
