"""A corpus of war news to measure on: made here, seeded, in the shapes that real articles come in.

    python -m benchmarks.corpus N FOLDER [--seed 7] [--first 0]

Writes N text files of about 2.5 kB, a thousand a folder: a title, a date, an outlet and its furniture, a dateline, and paragraphs that
name forces and towns of the lexicon, count people, quote and attribute, about as often as war news does (per 2.5 kB; FA-KES, Airwars,
here: names 37, 32, 36; figures 10, 5, 5; clauses of reporting 8, 6, 10; quotes 1, 2, 1; events 7, 5, 6; unknown names 9, 15, 8). Names
are drawn by Zipf's law; an article keeps to its own few. One in thirteen is a copy (word for word, under another masthead, edited, cut or a brief), one in forty prints a paragraph
twice. The first m of n articles are the corpus of m with the same seed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from flows.versions import seeds_of

T = TypeVar("T")
FOLDER = 1000  # files a folder
FIRST_DAY = date(2014, 1, 1)

SENTENCES = [
    "{F} captured the town of {T} from {G} on {D} after {n} days of clashes, {P} said.",
    "At least {n} {people} were killed and {m} others wounded when {air} hit {T}, according to {O}.",
    "{F} launched an offensive against {G} near {T}, {O} reported on {D}.",
    "“{Q},” {P}, a spokesman for {F}, told {L}.",
    "{P} said {G} had withdrawn from positions south of {T}.",
    "Residents of {T} said shelling by {F} destroyed a bakery and two houses.",
    "{O} said {n} {people} had been displaced from {T} and the villages around it since {D}.",
    "{F} denied that it had targeted {people} in {T}.",
    "A car bomb exploded near a checkpoint of {F} in {T} on {D}, killing {n} {people}, {P} said.",
    "The road between {T} and {U} has been closed since {D}, local officials told {L}.",
    "{G} claimed responsibility for the attack in a statement carried by its media office.",
    "Warplanes carried out {n} strikes on positions of {G} in {T} overnight, {O} said.",
    "Between {n} and {m} fighters of {G} are thought to remain in {T}, {P} said.",
    "{F} and allied groups retook {n} villages north of {U} this week.",
    "“{Q},” said {P}. “{Q}.”",
    "The fighting has besieged about {k} {people} in {T}, where food and fuel are short.",
    "{F} controls more than {c} percent of {U}, {P} told reporters on {D}.",
    "Buses carried {n} wounded {people} out of {T} under a ceasefire that {F} and {G} reached last week.",
    "It was not possible to verify the report independently.",
    "{P} did not say how many {people} were in the building at the time.",
    "The town lies about {c} kilometers from {U} on the main road along the river.",
    "Last month {F} had said that the campaign would end before winter.",
    "Doctors in {T} treated {n} children for injuries after mortar fire from areas held by {G}.",
    "Schools and markets have opened again in parts of the town, and some families have come home.",
    "Engineers were clearing mines so that trucks with flour and medicine could follow.",
    "{O} added that {F} arrested {n} men in raids in {U} on {D}.",
    "The war has cut power and water in much of the province and emptied whole districts.",
    "Neither side gave its own losses, and phone lines to the area were down for most of the day.",
    "{P}, who commands a unit of {F}, said his men were {c} kilometers from {T}.",
    "{L} reported that talks between {F} and {G} over {U} broke down.",
]  # fmt: skip
PLAIN = [
    "The road from {T} to {U} runs past the old silos and a row of burnt buses.",
    "{F} has kept a base outside {T} since the second winter of the war.",
    "In {T} traders keep their shutters half closed and set prices in two currencies.",
    "{F} and {G} hold opposite banks of the river near {U}.",
    "{P} was a teacher in {T} before the war and now repairs generators.",
    "Most of the families in the {X} camp come from {T}, {U} and the villages between them.",
    "Checkpoints of {F} stand at both ends of {X} Street, and the market behind it is open in the mornings.",
    "The {X} crossing into the countryside of {U} opens twice a week, and never on feast days.",
    "The governor and the elders of {T} met in the old station with officers of {F}.",
    "{U} is a small town of low houses, and its one hotel belongs to the {X} family.",
    "For {G} the valley is the way to {T} and to its oil, grain and dam.",
    "Two brothers from {U} serve on opposite sides, one with {F} and one with {G}.",
    "Wheat from {T} goes to the mills of {U}, and from there by lorry to the coast.",
    "The banners of {F} hang on the school, the bakery and the water tower of {T}.",
    "The hospital of {T} has two doctors, one of them from {X}, and no electricity at night.",
    "Some in {U} keep lists of the missing and light candles for them in the church of Saint {Y}.",
]  # fmt: skip
SPOKEN = [
    "We heard the planes before we saw them and there was no time to leave", "Our forces are advancing on two sides and the road is open",
    "There is no bread and the children are sick", "We will not stop until the last village is free", "The situation is worse than in any winter I remember",
    "They left their weapons behind and ran towards the river", "Nobody has come to ask what we need", "This is not the end of the battle",
    "We call on all sides to let the wounded out", "The bridge is gone and the boats are too few",
]  # fmt: skip
PEOPLE = [
    "civilians",
    "fighters",
    "soldiers",
    "people",
    "children",
    "women",
    "rebels",
    "militants",
    "residents",
]
AIR = ["air strikes", "mortar shells", "a missile", "rockets", "barrel bombs", "artillery fire"]
FORENAMES = "Ahmad Karim Yusuf Ali Omar Hassan Samir Nasser Khalil Rami Layla Nour Salma Hala Dina Marwan Bilal Zaid".split()
FAMILIES = "Haddad Nassar Khoury Darwish Barakat Mansour Saleh Qasim Jaber Hariri Sabbagh Najjar Rahal Shami Hamdan".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
FURNITURE = [
    "A+ A-", "Share this article", "Print | Email | Share", "Story continues below", "Most read", "Advertisement", "Read more",
    "Sign up for our newsletter", "Follow us on Twitter", "Related articles", "This story has been viewed {n} times.", "Leave a comment",
]  # fmt: skip
FILLER = (
    "The area has changed hands several times since the war began and its people have learned to keep a bag by the door.",
    "Aid groups say the needs grow faster than the convoys, and that permits for the roads come late or not at all.",
    "Diplomats met again without a date for the next round, and the front lines stayed where they were.",
)


@dataclass(frozen=True)
class Article:
    """A made article: its number, what it copies (None for an original), and its text."""

    number: int
    of: int | None
    text: str


class Maker:
    """Articles, one after another, from one seed."""

    def __init__(self, seed: int) -> None:
        seeds = seeds_of()
        self.rng = random.Random(seed)
        kinds = {"state_military", "non_state", "militia", "coalition"}
        self.forces = self._zipf([r["name"] for r in seeds["forces"] if r["kind"] in kinds])
        self.towns = self._zipf([r["name"] for r in seeds["places"] if r["kind"] == "town" and r["source"]])
        self.outlets = self._zipf([r["name"] for r in seeds["outlets"]])
        self.bodies = self._zipf(
            [r["name"] for r in seeds["organizations"] if r["kind"] in ("monitor", "ngo", "un")]
        )
        self.habits = {o: self.rng.sample(FURNITURE, 4) for o in sorted(set(self.outlets))}
        self.written: list[tuple[int, str, list[str], date]] = []

    def _zipf(self, items: list[str]) -> list[str]:
        self.rng.shuffle(items)
        weights = list(accumulate(1 / (rank + 3) ** 0.9 for rank in range(len(items))))
        return self.rng.choices(items, cum_weights=weights, k=1 << 14)

    def pick(self, items: list[T] | tuple[T, ...]) -> T:
        """One of them."""
        return items[int(self.rng.random() * len(items))]

    def person(self) -> str:
        """A name."""
        return f"{self.pick(FORENAMES)} {'al-' if self.rng.random() < 0.4 else ''}{self.pick(FAMILIES)}"

    def paragraphs(self) -> list[str]:
        """The body of a new article: its own forces, towns and people."""
        own = {
            "F": [self.pick(self.forces) for _ in range(2)], "G": [self.pick(self.forces) for _ in range(2)], "T": [self.pick(self.towns) for _ in range(3)],
            "U": [self.pick(self.towns) for _ in range(2)], "O": [self.pick(self.bodies) for _ in range(2)], "P": [self.person() for _ in range(3)],
            "L": [self.pick(self.outlets) for _ in range(2)],
        }  # fmt: skip
        left = max(6, int(self.rng.gauss(24, 9)))
        out = []
        while left > 0:
            n = self.rng.randint(1, 4)
            out.append(" ".join(self._sentence(own) for _ in range(n)))
            left -= n
        return out

    def _sentence(self, own: dict[str, list[str]]) -> str:
        said = {slot: self.pick(names) for slot, names in own.items()}
        low = int(2 + 10 ** (self.rng.random() * 2))
        drawn = self.rng.random()
        sentence = self.pick(FILLER if drawn < 0.18 else PLAIN if drawn < 0.54 else SENTENCES)
        words = sentence.format(
            X=f"{self.pick(FAMILIES)[:-1]}iya", Y=self.pick(FORENAMES),
            **said, n=low, m=low + self.rng.randint(1, 40), k=f"{self.rng.randint(2, 90)},000", c=self.rng.randint(2, 96), D=self.pick(WEEKDAYS),
            Q=self.pick(SPOKEN), people=self.pick(PEOPLE), air=self.pick(AIR),
        )  # fmt: skip
        return words[0].upper() + words[1:]

    def page(self, title: str, outlet: str, day: date, body: list[str]) -> str:
        """An article as an outlet prints it: header, furniture, body, tail."""
        habits = [h.format(n=self.rng.randint(100, 9999)) for h in self.habits[outlet]]
        town = self.pick(self.towns)
        opening = f"{town.upper()} – {body[0]}" if self.rng.random() < 0.5 else body[0]
        head = [title, "", f"{day:%d-%m-%Y}", outlet, habits[0], ""]
        tail = [*habits[1:], f"Copyright {day.year} {outlet}. All rights reserved."]
        return "\n".join([*head, "\n\n".join([opening, *body[1:]]), "", *tail]) + "\n"

    def article(self, number: int) -> Article:
        """The next article."""
        outlet, day = self.pick(self.outlets), FIRST_DAY + timedelta(days=int(self.rng.random() * 2000))
        of = None
        if self.written and self.rng.random() < 1 / 13:
            of, title, source, first = self.pick(self.written)
            body, day = self._copy(source), first + timedelta(days=int(self.rng.random() * 3))
        else:
            body = self.paragraphs()
            title = body[0].split(", ")[0].rstrip(".")[:90]
            if len(self.written) < 20_000:
                self.written.append((number, title, body, day))
            else:
                self.written[int(self.rng.random() * 20_000)] = (number, title, body, day)
            if self.rng.random() < 1 / 40:
                body = [*body, self.pick(body)]
        return Article(number, of, self.page(title, outlet, day, body))

    def _copy(self, body: list[str]) -> list[str]:
        kind = self.rng.random()
        if kind < 0.4:
            return body
        if kind < 0.6:
            return [" ".join(w for w in p.split(" ") if self.rng.random() > 0.05) for p in body]
        if kind < 0.8:
            return body[: max(1, len(body) // 2)]
        return [*body, f"Reporting by {self.person()}; editing by {self.person()}"]


def make_corpus(n: int, seed: int = 7) -> Iterator[Article]:
    """The first n articles, in order."""
    maker = Maker(seed)
    for number in range(n):
        yield maker.article(number)


def write_corpus(n: int, folder: Path, seed: int = 7, first: int = 0) -> int:
    """Write the articles from `first` up to n as text files; their bytes in all."""
    size = 0
    for article in make_corpus(n, seed):
        if article.number < first:
            continue
        path = folder / f"{article.number // FOLDER:04d}" / f"{article.number:07d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = article.text.encode()
        path.write_bytes(raw)
        size += len(raw)
    return size


def main() -> None:
    """Write a corpus and say how large it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first", type=int, default=0, help="leave out the articles before this one")
    given = parser.parse_args()
    size = write_corpus(given.articles, given.folder, given.seed, given.first)
    print(f"{given.articles - given.first:,} articles, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
