"""Near-copies: ours against MinHash libraries on one planted corpus: speed, memory, what is found and what is joined wrongly.

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install datasketch rensa gaoya xxhash datasets click click-option-group tqdm rich
    /tmp/peers/bin/pip install --no-deps text-dedup==0.4.0
    python benchmarks/repeats.py --peers /tmp/peers/bin/python [--articles 10000] [--rounds 3]
        [--growth 25000 50000 100000 200000] [--memory 1GB] [--json FILE]

The corpus is made here (seeded): news-like articles of about 2.5 kB from an own vocabulary, one in thirteen a copy of an earlier one,
and traps that share words without being copies. Every tool runs in a process of its own, in turn; processor time is that of
the whole work from text to linked pairs, memory the peak above what the process held with the corpus read. Prints Markdown.
"""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Links = list[tuple[int, int]]
ROOT = Path(__file__).parent.parent
COPIES = ("exact", "syndicated", "edited_5", "edited_15", "cut_50", "brief_30", "sub_edited")
TRAPS = ("template", "round_up", "quoting")


# ------------------------------------------------------------------ the corpus
def _items(text: str, apart: str = " ") -> list[str]:
    """The items of a list written out."""
    return [" ".join(s.split()) for s in " ".join(text.split()).split(apart)]


NOUNS = _items("""attack army government city force war group people town district road hospital village strike fighter soldier area border
    river bridge camp family child doctor school market police official council statement video convoy vehicle tank rocket mine
    house building street checkpoint airport base unit brigade leader commander talk agreement ceasefire truce aid food water
    fuel power station dam field oil gas farm wheat bread bakery mosque church tunnel front line position hill mountain desert
    valley prisoner hostage body grave court judge law vote election party minister president envoy meeting border-post refugee
    tent winter summer rain storm teacher student phone network website report source witness resident shop trader price bank
    money wage union worker driver truck bus train plane pilot drone missile shell bomb gun rifle ammunition weapon cache raid
    arrest cell suspect network-leader trial sentence prison exchange corridor crossing customs office embassy delegation""")
VERBS = _items("""killed wounded captured attacked reached left entered destroyed closed opened reported struck held lost retook shelled
    bombed targeted cleared crossed repaired blocked arrested released delivered refused accepted announced denied confirmed
    condemned visited joined surrounded evacuated supplied searched stormed seized abandoned defended rebuilt inspected
    delayed halted resumed signed rejected questioned burned buried freed recruited trained armed paid warned threatened
    protected escorted monitored filmed discovered dismantled detonated planted fired launched intercepted downed""")
ADJECTIVES = _items("""local military armed foreign old new eastern western northern southern central main heavy small large last first
    former senior young public private rural urban besieged damaged empty crowded remote coastal mountainous industrial
    humanitarian medical political economic legal joint regional national international daily weekly temporary permanent
    secret sudden fierce limited wide narrow early late wooden stone concrete broken""")
FIRST = _items("""north south upper lower river field salt stone iron night hill water grain copper sand cedar olive winter harbour rail
    valley garden tower cotton mill ford ridge lime brick reed marsh silver amber chalk clay flint moss oak thorn""")
STOCK = _items(
    """according to a statement|in the eastern countryside|on the outskirts of the city|in the past few days|for the second time this week|
    in the early hours of the morning|as part of the agreement|in an attempt to advance|since the start of the year|under the cover of darkness|
    at least a dozen people|after several hours of clashes|in response to the attack|on the other side of the river|with the support of|
    a spokesman for the|told reporters in the capital|said in a statement on|the human rights monitor said|in areas under the control of|
    as a result of the|the vast majority of the|in the wake of the|at the same time|one of the most important|it is not clear whether|
    there was no immediate comment|no group has claimed responsibility|the death toll is expected to rise|some of them in critical condition|
    most of them civilians|including women and children|who asked not to be named|could not be independently verified|
    for security reasons|because of the fighting|along the main road|near the border with|in the direction of|on the condition of anonymity|
    the ministry of defence said|state media reported that|local sources told our correspondent|activists on the ground said|
    in coordination with the|with the aim of|ahead of the talks|despite the truce|until further notice|for months|on both sides|
    by the end of the month|as well as|in addition to|a number of|dozens of|hundreds of|the rest of the|the beginning of the|in charge of the|
    has been under siege|have been forced to flee|was taken to hospital|are still missing|had been displaced|is believed to be|
    not far from the|close to the old|inside the besieged|the first of its kind|the largest in the region""",
    "|",
)
FORMS = _items(
    """{d} {A} {N} in {T} {V} {d} {N} {S}, {P} said.|{O} {V} {d} {A} {N} near {T} {S}.|{P}, {d} {N} of {T}, said {S} that {d} {N} had {V} {n} of {d} {N}.|
    {S}, {d} {N} {V} {d} {A} {N} in {T} and {d} {N} of {T}.|{d} {N} of {d} {N} {V} {n} people {S}.|“{d} {N} {V} {d} {N} and we {V} {d} {A} {N},” {P} said {S}.|
    In {T}, {O} said that {n} {N} and {d} {A} {N} were {V} {S}.|{O} and {d} {A} {N} {V} {d} {N} in {d} {N} of {T}, {S}.|
    {d} {A} {N}, which had {V} {d} {N} {S}, {V} {d} {N} on {D}.|On {D}, {d} {N} {V} {d} {A} {N} between {T} and {T}.|
    {P} said {d} {N} was {V} {S}, and that {O} {V} {d} {N}.|{d} {N} and {n} {N} were {V} {S} when {d} {N} {V} {d} {A} {N}.|
    It was {d} {A} {N} that {V} {d} {N} {S}.|{d} {N} {V} {S}.|Residents of {T} said {d} {A} {N} {V} their {N} {S}.|
    {S}, {O} said.|{d} {N} between {O} and {d} {A} {N} {V} {S}, {d} {N} said on {D}.|They {V} {d} {A} {N} of {d} {N} and {d} {N} {S}.|
    According to {P}, {n} of {d} {N} {V} {d} {N} in {T} {S}.|There are {n} {N} in {d} {A} {N}, {S}, {d} {N} said.|
    He said {d} {N} “{V} {d} {A} {N}” and {V} {n} {N} {S}.|{d} {N} of {T} has {V} {d} {N} since {D} {S}.|
    Earlier, {O} {V} {d} {N} in {d} {A} {N} {S}, but {d} {N} {V} {d} {N}.|More than {n} people {V} {d} {N} {S}.""",
    "|",
)
PLACING = _items(
    "in|near|after|before|during|under|over|against|across|from|towards|behind|around|without|inside|through|until|outside",
    "|",
)
WHOSE = _items(
    "the|the|the|the|the|the|a|a|its|their|his|this|that|several|many|some|two|three|another|each|most|other|such|no",
    "|",
)
DAYS = _items("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
SYLLABLES = _items(
    "ba ra ka ma ta za sha qa la ha na da ja fa wa ri di si mi zi ni li bi ti dur hal mar zan bar tal rim sur hum kaf nis raq jab mad"
)


def _grow(words: list[str], n: int) -> list[str]:
    return words + [f"{a}{w}" for a in FIRST for w in words][: n - len(words)]


class Maker:
    """Sentences from forms: words by Zipf's law, half of them from the article's own few."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.pools = {
            "N": self._zipf(_grow(NOUNS, 3500)),
            "V": self._zipf(_grow(VERBS, 1200)),
            "A": self._zipf(_grow(ADJECTIVES, 1500)),
            "S": [],
            "T": self._zipf(sorted({self._name(2, 3) for _ in range(900)}), 0.8),
            "P": self._zipf([f"{self._name(2, 2)} {self._name(2, 3)}" for _ in range(4000)], 0.6),
            "O": self._zipf([f"the {self._name(2, 3)} {w}" for w in ("Brigade", "Council", "Front", "Army") for _ in range(20)], 0.8),
            "D": DAYS,
            "d": WHOSE,
        }  # fmt: skip
        self.own: dict[str, list[str]] = {}
        phrases = [
            f"{self.pick(PLACING)} {self.fill('d')} {self.fill('A')} {self.fill('N')}" for _ in range(3000)
        ]
        phrases += [
            f"{self.pick(PLACING)} {self.fill('d')} {self.fill('N')} of {self.fill('d')} {self.fill('N')}"
            for _ in range(3000)
        ]
        self.pools["S"] = self._zipf(self._shuffled(STOCK), 0.5)[: 1 << 14] + self._zipf(
            self._shuffled(phrases), 0.4
        )
        self.forms = self._zipf([f.split(" ") for f in FORMS], 0.4)

    def _name(self, least: int, most: int) -> str:
        return "".join(self.rng.choices(SYLLABLES, k=self.rng.randint(least, most))).title()

    def _shuffled(self, items: list[str]) -> list[str]:
        return self.rng.sample(items, len(items))

    def _zipf(self, items: list[Any], power: float = 0.9) -> list[Any]:
        weights = list(accumulate(1 / (rank + 3) ** power for rank in range(len(items))))
        return self.rng.choices(items, cum_weights=weights, k=1 << 16)

    def pick(self, items: list[Any]) -> Any:
        """One of the items."""
        return items[int(self.rng.random() * len(items))]

    def topic(self) -> None:
        """A new article's own words and names."""
        some = {"N": 25, "V": 12, "A": 10, "T": 4, "P": 4, "O": 3, "S": 6}
        self.own = {slot: [self.pick(self.pools[slot]) for _ in range(n)] for slot, n in some.items()}

    def fill(self, slot: str) -> str:
        """What stands in a slot: of its own words half the time, of its own names nearly always."""
        if slot == "n":
            return str(int(2 + 10 ** (self.rng.random() * 3)))
        own = self.own.get(slot)
        keep = 0.85 if slot in "TPO" else 0.15 if slot == "S" else 0.5
        return str(self.pick(own if own and self.rng.random() < keep else self.pools[slot]))

    def sentence(self, leave: str = "") -> str:
        """A sentence; slots in `leave` stay open."""
        words = [self._word(w, leave) for w in self.pick(self.forms)]
        words[0] = words[0][0].upper() + words[0][1:]
        return " ".join(words)

    def _word(self, word: str, leave: str) -> str:
        at = word.find("{")
        if at < 0 or word[at + 1] in leave:
            return word
        return word[:at] + self.fill(word[at + 1]) + word[at + 3 :]

    def story(self, leave: str = "") -> list[str]:
        """Paragraphs of one to four sentences, 2.5 kB on average."""
        self.topic()
        left = max(8, int(self.rng.gauss(23, 8)))
        paragraphs = []
        while left > 0:
            n = self.rng.randint(1, 4)
            paragraphs.append(" ".join(self.sentence(leave) for _ in range(min(n, left))))
            left -= n
        return paragraphs

    def report(self, form: list[str]) -> list[str]:
        """A form with its names and numbers filled in."""
        self.topic()
        return [" ".join(self._word(w, "") for w in p.split(" ")) for p in form]


def edited(paragraphs: list[str], share: float, maker: Maker) -> list[str]:
    """So many of all words changed: another word, none, or one more; names and numbers are left alone."""
    words = " ".join(paragraphs).split()
    rate = share * len(words) / sum(w.isalpha() and w.islower() for w in words)

    def change(word: str) -> str:
        if not (word.isalpha() and word.islower()) or maker.rng.random() >= rate:
            return word
        return str(maker.pick(["", maker.fill("N"), maker.fill("A"), f"{word} {maker.fill('A')}"]))

    return [" ".join(w for w in map(change, p.split()) if w) for p in paragraphs]


def head(paragraphs: list[str], share: float) -> list[str]:
    """The first paragraphs, up to that share of the text and one paragraph at least."""
    wanted = share * sum(map(len, paragraphs))
    sizes = list(accumulate(map(len, paragraphs)))
    return paragraphs[: max(1, sum(s <= wanted * 1.05 for s in sizes))]


def sub_edited(paragraphs: list[str], maker: Maker) -> list[str]:
    """Three in ten sentences dropped, then one new sentence for every four left."""
    own = maker.own
    kept = [[s for s in p.split(". ") if maker.rng.random() >= 0.3] for p in paragraphs]
    maker.own = own
    out = []
    for sentences in filter(None, kept):
        new = [
            x
            for s in sentences
            for x in ((s, maker.sentence().rstrip(".")) if maker.rng.random() < 0.25 else (s,))
        ]
        out.append(". ".join(s.rstrip(".") for s in new) + ".")
    return out


def copy_of(paragraphs: list[str], kind: str, maker: Maker) -> list[str]:
    """A copy of that kind."""
    maker.topic()
    if kind == "exact":
        return list(paragraphs)
    if kind == "syndicated":
        opening = f"{maker.fill('T').upper()} ({maker.fill('T')} News) - {paragraphs[0]}"
        return [
            opening,
            *paragraphs[1:],
            f"Copyright {maker.fill('T')} Daily. Reporting by {maker.fill('P')}.",
        ]
    if kind in ("edited_5", "edited_15"):
        return edited(paragraphs, int(kind.split("_")[1]) / 100, maker)
    if kind in ("cut_50", "brief_30"):
        return head(paragraphs, int(kind.split("_")[1]) / 100)
    return sub_edited(paragraphs, maker) or list(paragraphs)


def make_corpus(n: int, seed: int = 7) -> Iterator[Row]:
    """Articles in order: {id, kind, of (the original, for a copy), from (whose words a trap holds), series, paragraphs}.
    The first m of n are a corpus of m."""
    maker = Maker(seed)
    rng = maker.rng
    originals: list[tuple[int, list[str]]] = []
    series: list[list[str]] = []
    for number in range(n):
        chance = rng.random() if len(originals) > 20 else 1.0
        row: Row = {"id": number, "kind": "original", "of": None, "from": [], "series": None}
        if chance < 0.077:
            row["of"], source = maker.pick(originals)
            row["kind"] = maker.pick(list(COPIES))
            row["paragraphs"] = copy_of(source, row["kind"], maker)
        elif chance < 0.097:
            row["kind"] = "template"
            if not series or rng.random() < 0.1:
                series.append(maker.story(leave="TPOnD")[:8])
            recent = range(max(0, len(series) - 20), len(series))
            row["series"] = rng.choice(recent)
            row["paragraphs"] = maker.report(series[row["series"]])
        elif chance < 0.107:
            row["kind"] = "round_up"
            parts = rng.sample(originals, 4)
            row["from"] = [i for i, _ in parts]
            row["paragraphs"] = [x for _, p in parts for x in (f"In {maker.fill('T')}:", *p[:2])]
        elif chance < 0.117:
            row["kind"] = "quoting"
            whose, source = maker.pick(originals)
            row["from"] = [whose]
            own = maker.story()
            row["paragraphs"] = [*own[:3], maker.pick(source), *own[3:]]
        else:
            row["paragraphs"] = maker.story()
            originals.append((number, row["paragraphs"]))
        yield row


# ------------------------------------------------------------------ the tools: texts to linked pairs
def grams(text: str, n: int) -> set[str]:
    """Runs of n words."""
    words = text.lower().split()
    return {" ".join(words[i : i + n]) for i in range(max(1, len(words) - n + 1))}


def datasketch(texts: list[str], n: int, threshold: float) -> Links:
    """MinHash of 128, LSH, candidates checked by their hashes."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=threshold, num_perm=128)
    hashes: list[MinHash] = []
    links: Links = []
    for i, text in enumerate(texts):
        one = MinHash(num_perm=128)
        one.update_batch([g.encode() for g in grams(text, n)])
        links += [(j, i) for j in lsh.query(one) if hashes[j].jaccard(one) >= threshold]
        lsh.insert(i, one)
        hashes.append(one)
    return links


def rensa(texts: list[str], n: int, threshold: float) -> Links:
    """RMinHash of 128, RMinHashLSH, candidates checked by their hashes."""
    from rensa import RMinHash, RMinHashLSH

    hashes = RMinHash.from_token_sets((list(grams(t, n)) for t in texts), 128, 42)
    lsh = RMinHashLSH(threshold, 128, 32)
    lsh.insert_many(hashes)
    found = enumerate(lsh.query_all(hashes))
    return [(i, j) for i, near in found for j in near if i < j and hashes[i].jaccard(hashes[j]) >= threshold]


def gaoya(texts: list[str], n: int, threshold: float) -> Links:
    """MinHashStringIndex, which shingles and checks by itself; bands as datasketch takes them."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, threshold, 25, 5, None, "word", True, (n, n))
    links = []
    for i, text in enumerate(texts):
        links += [(j, i) for j in index.query(text)]
        index.insert_document(i, text)
    return links


def text_dedup(texts: list[str], n: int, threshold: float) -> Links:
    """text-dedup 0.4 with its defaults but for n and the threshold: its own hashing, tables and edges, without `datasets`."""
    import numpy as np
    from text_dedup.minhash import RNG, SIGNATURE_COLUMN, embed_func
    from text_dedup.utils import optimal_param, sha1_hash

    most, prime = np.uint32((1 << 32) - 1), np.uint64((1 << 61) - 1)
    bands, rows = optimal_param(threshold, 250, 0.5, 0.5)
    ranges = [(i * rows, (i + 1) * rows) for i in range(bands)]
    permutations = (RNG.randint(1, prime, 250, np.uint64), RNG.randint(0, prime, 250, np.uint64))
    tables: list[dict[bytes, set[int]]] = [{} for _ in ranges]
    for i, text in enumerate(texts):
        made = embed_func(
            text, i, num_perm=250, ngram_size=n, min_length=5, hashranges=ranges, permutations=permutations,
            hash_func=lambda b: sha1_hash(b, d=32), dtype=np.uint64, max_hash=most, modulo_prime=prime,
        )  # fmt: skip
        for table, key in zip(tables, made[SIGNATURE_COLUMN], strict=True):
            table.setdefault(key, set()).add(i)
    return list({(min(c), x) for t in tables for c in t.values() for x in c if x != min(c)})


def warwire(articles: list[list[str]], threads: int, memory: str | None, said: Row) -> Links:
    """Ours: fingerprints of paragraphs into Parquet, then the marks' SQL. `said` gets the seconds of each."""
    with tempfile.TemporaryDirectory() as folder:
        said["fingerprints"] = sum(stage(articles, Path(folder)))
        return link(Path(folder), len(articles), threads, memory, said)


def stage(articles: list[list[str]], folder: Path) -> list[float]:
    """What staging writes of the articles, as far as the marks read it, in parts: the seconds of each."""
    from transforms import tables
    from transforms.ids import stable_id
    from warehouse.files import write_parquet

    seconds = []
    for start in range(0, len(articles), PART):
        started = time.process_time()
        rows: dict[str, list[Row]] = {"staged_blocks": [], "staged_prints": [], "staged_headers": []}
        for number in range(start, min(start + PART, len(articles))):
            document_id = stable_id("document", number)
            rows["staged_headers"].append(_header(document_id, stable_id(document_id, "article"), number))
            _add_blocks(document_id, articles[number], rows)
        for table in (tables.STAGED_BLOCKS, tables.STAGED_PRINTS, tables.STAGED_HEADERS):
            write_parquet(table.batch(rows[table.name]), folder / f"{table.name}.{start}.parquet")
        seconds.append(time.process_time() - started)
    return seconds


def link(folder: Path, n: int, threads: int, memory: str | None, said: Row) -> Links:
    """The pairs that the marks' SQL finds in the first n staged articles. `said` gets the seconds of each script."""
    from transforms.ids import stable_id
    from warehouse import marks
    from warehouse.engine import connect

    connection = connect(memory, folder / "spill")
    connection.execute(f"set threads = {threads}")
    files = {name: [f"{folder}/{name}.{start}.parquet" for start in range(0, n, PART)] for name in STAGED}
    connection.execute(
        "create table documents_in as select document_id, 'part' as part, document_id as source_uri "
        f"from read_parquet({files['staged_headers']})"
    )
    for name in STAGED:
        connection.execute(
            f"create view {name} as select d.part, s.* from read_parquet({files[name]}) s join documents_in d using (document_id)"
        )
    for script in marks.MARKS:
        started = time.process_time()
        marks._run(connection, script)
        said[script.stem] = time.process_time() - started
    rows = connection.sql("select article_id_a, article_id_b from story_pairs").fetchall()
    said["refused"] = dict(
        connection.sql("select reason, count(*) from refused_pairs group by all").fetchall()
    )
    connection.close()
    ids = {stable_id(stable_id("document", number), "article"): number for number in range(n)}
    return [(ids[a], ids[b]) for a, b in rows]


def _add_blocks(document_id: str, paragraphs: list[str], rows: dict[str, list[Row]]) -> None:
    from transforms.ids import stable_id
    from transforms.page.prints import sign

    at = 0
    for position, text in enumerate(paragraphs):
        signatures, prints = sign(text)
        paragraph_id = stable_id(document_id, at, at + len(text), "paragraph")
        rows["staged_blocks"].append(
            {
                "document_id": document_id,
                "paragraph_id": paragraph_id,
                "position": position,
                "kind": "body",
                "document_start_char": at,
                "document_end_char": at + len(text),
                "text": text,
                "shifts": [],
                "cleaners": [],
                **vars(signatures),
                "dateline_end": None,
            }
        )
        rows["staged_prints"].append(
            {"document_id": document_id, "paragraph_id": paragraph_id, **vars(prints)}
        )
        at += len(text) + 2


def _header(document_id: str, article_id: str, number: int) -> Row:
    empty = (
        "title",
        "byline",
        "outlet_id",
        "origin_outlet_id",
        "outlet_basis",
        "language",
        "url",
        "published_on_other",
    )
    return {
        **dict.fromkeys(empty),
        "article_id": article_id,
        "document_id": document_id,
        "published_on": date(2012, 1, 1) + timedelta(days=number // 40),
        "published_on_basis": "header",
        "date_order": "",
    }


PEERS: dict[str, Callable[[list[str]], Links]] = {
    "datasketch, 5 words, 0.5": lambda t: datasketch(t, 5, 0.5),
    "datasketch, 2 words, 0.45": lambda t: datasketch(t, 2, 0.45),
    "rensa, 5 words, 0.5": lambda t: rensa(t, 5, 0.5),
    "rensa, 2 words, 0.45": lambda t: rensa(t, 2, 0.45),
    "gaoya, 5 words, 0.5": lambda t: gaoya(t, 5, 0.5),
    "text-dedup, 5 words, 0.5": lambda t: text_dedup(t, 5, 0.5),
}
OURS = {"warwire, 1 thread": 1, "warwire, 2 threads": 2}
STAGED = ("staged_blocks", "staged_prints", "staged_headers")
PART = 1000
BASE = "datasketch, 5 words, 0.5"


# ------------------------------------------------------------------ one tool in one process
def status(key: str) -> int:
    """A figure of this process in bytes, from the kernel."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith(key))
    return int(line.split()[1]) * 1024


def run_one(tool: str, corpus: Path, n: int, memory: str | None, staged: Path | None) -> Row:
    """Read n articles, link them, and say what it took. With `staged`, ours in two: "stage" and "link"."""
    said: Row = {}
    links: Links = []
    articles = [] if tool == "link" else read(corpus, n)
    texts = [] if tool in (*OURS, "stage") else ["\n".join(row["paragraphs"]) for row in articles]
    paragraphs = [row["paragraphs"] for row in articles] if tool in (*OURS, "stage") else []
    articles.clear()
    if tool in PEERS:
        PEERS[tool](["warm words of one text", "warm words of another text"])
    else:
        sys.path.insert(0, str(ROOT))
        warwire([["Warm."]], 1, None, {})
    Path("/proc/self/clear_refs").write_text("5")
    before, started, clock = status("VmRSS"), time.process_time(), time.perf_counter()
    if tool == "stage" and staged:
        said["parts"] = stage(paragraphs, staged)
    elif tool == "link" and staged:
        links = link(staged, n, 1, memory, said)
    else:
        links = PEERS[tool](texts) if tool in PEERS else warwire(paragraphs, OURS[tool], memory, said)
    spent, waited = time.process_time() - started, time.perf_counter() - clock
    return {"cpu": spent, "wall": waited, "memory": status("VmHWM") - before, "links": links, "said": said}


def read(corpus: Path, n: int) -> list[Row]:
    """The first n articles."""
    with corpus.open(encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(n), strict=False)]


def measure(
    python: str, tool: str, corpus: Path, n: int, memory: str | None = None, staged: Path | None = None
) -> Row:
    """`run_one` in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        one = [
            python,
            __file__,
            "--one",
            tool,
            "--corpus",
            str(corpus),
            "--articles",
            str(n),
            "--json",
            str(out),
        ]
        one += ["--memory", memory] if memory else []
        one += ["--staged", str(staged)] if staged else []
        quiet = {**os.environ, "RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        subprocess.run(one, check=True, env=quiet)
        found: Row = json.loads(out.read_text())
        print(
            f"{time.strftime('%H:%M:%S')} {tool}: {n} articles, {found['cpu']:.1f} s",
            file=sys.stderr,
            flush=True,
        )
        return found


def growth(corpus: Path, sizes: list[int], memory: str | None) -> list[Row]:
    """Ours by size, in one thread; the fingerprints are made once, their seconds known by part."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        staged = measure(sys.executable, "stage", corpus, max(sizes), staged=Path(folder))
        rows = read(corpus, max(sizes))
        for n, limit in [*((n, None) for n in sizes), *([(max(sizes), memory)] if memory else [])]:
            run = measure(sys.executable, "link", corpus, n, limit, Path(folder))
            scripts = {k: v for k, v in run["said"].items() if k[0].isdigit()}
            fingerprints = sum(staged["said"]["parts"][: math.ceil(n / PART)])
            found.append(
                {
                    "articles": n,
                    "memory_limit": limit,
                    "fingerprints": fingerprints,
                    "scripts": scripts,
                    "sql": run["cpu"],
                    "cpu": run["cpu"] + fingerprints,
                    "memory": run["memory"],
                    "staging_memory": staged["memory"],
                    **{
                        k: v
                        for k, v in score(rows[:n], run["links"]).items()
                        if k in ("precision", "recall", "wrong")
                    },
                }
            )
    return found


# ------------------------------------------------------------------ against what was planted
def clusters(links: Links) -> dict[int, int]:
    """{article: its cluster}, everything linked joined."""
    parent: dict[int, int] = {}

    def find(x: int) -> int:
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a, b in links:
        parent[find(a)] = find(b)
    return {x: find(x) for x in list(parent)}


def score(rows: list[Row], links: Links) -> Row:
    """Precision of links and of clusters, recall by kind, and false links by the trap they fell for."""
    by_id = {r["id"]: r for r in rows}
    family = {r["id"]: r["id"] if r["of"] is None else r["of"] for r in rows}
    wrong = [(a, b) for a, b in links if family[a] != family[b]]
    of = clusters(links)
    joined, right = Counter(of.values()), Counter((c, family[i]) for i, c in of.items())
    pairs, true = (sum(k * (k - 1) // 2 for k in count.values()) for count in (joined, right))
    planted = [r for r in rows if r["of"] is not None]
    found = [r for r in planted if of.get(r["id"], -1) == of.get(r["of"], -2)]
    by_kind, all_kinds = Counter(r["kind"] for r in found), Counter(r["kind"] for r in planted)
    return {
        "links": len(links),
        "precision": 1 - len(wrong) / max(1, len(links)),
        "cluster_precision": true / max(1, pairs),
        "recall": len(found) / max(1, len(planted)),
        "largest": max(joined.values(), default=0),
        "kinds": {k: by_kind[k] / max(1, all_kinds[k]) for k in COPIES},
        "wrong": dict(Counter(trap(by_id[a], by_id[b]) for a, b in wrong)),
    }


def trap(a: Row, b: Row) -> str:
    """Which trap a false link fell for."""
    kinds = {a["kind"], b["kind"]}
    if kinds == {"template"}:
        return "template" if a["series"] == b["series"] else "other"
    return next((k for k in ("round_up", "quoting") if k in kinds), "other")


# ------------------------------------------------------------------ tables
def table(head: list[str], rows: list[list[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *([str(c) for c in r] for r in rows)]
    return (
        "\n".join("| " + " | ".join(line) + " |" for line in lines)
        .replace("| --- |", "|---|")
        .replace(" --- |", "---|")
    )


def compare(rows: list[Row], runs: dict[str, list[Row]]) -> tuple[str, Row]:
    """The tables of tools: medians over the rounds."""
    n = len(rows)
    cpu = {t: statistics.median(r["cpu"] for r in found) for t, found in runs.items()}
    result: Row = {}
    for tool, found in runs.items():
        memory = statistics.median(r["memory"] for r in found)
        result[tool] = {**score(rows, found[0]["links"]), "cpu": cpu[tool], "memory": memory, "said": found[0]["said"],
                        "all_cpu": [r["cpu"] for r in found], "wall": statistics.median(r["wall"] for r in found)}  # fmt: skip
    speed = [
        [t, f"{n / r['cpu']:,.0f}", f"{cpu[BASE] / r['cpu']:.2f}", f"{r['wall']:.1f}", f"{r['memory'] / 2**20:.0f}",
         f"{r['memory'] / n / 1000:.1f}", f"{r['precision']:.4f}", f"{r['cluster_precision']:.4f}", f"{r['recall']:.4f}",
         r["largest"]]
        for t, r in result.items()
    ]  # fmt: skip
    kinds = [
        [t, *(f"{r['kinds'][k]:.3f}" for k in COPIES), *(r["wrong"].get(k, 0) for k in (*TRAPS, "other"))]
        for t, r in result.items()
    ]
    heads = f"tool|articles/s|x {BASE}|wall s|peak MB|kB/article|precision of links|of clusters|recall|largest cluster".split(
        "|"
    )
    printed = [
        table(heads, speed),
        table(["tool", *COPIES, *(f"false: {k}" for k in (*TRAPS, "other"))], kinds),
    ]
    return "\n\n".join(printed), result


def grow(found: list[Row]) -> str:
    """Ours by size, with the exponent of processor time between two sizes."""
    lines = []
    before: Row | None = None
    for r in found:
        n = r["articles"]
        grew = before is not None and n > before["articles"]
        steps = (
            [math.log(r[k] / before[k]) / math.log(n / before["articles"]) for k in ("cpu", "sql")]
            if before and grew
            else []
        )
        lines.append(
            [f"{n:,}", r["memory_limit"] or "none", f"{n / r['cpu']:,.0f}", f"{r['fingerprints']:.1f}", f"{r['sql']:.1f}",
             " ".join(f"{v:.1f}" for v in r["scripts"].values()), " ".join(f"{x:.2f}" for x in steps),
             f"{r['memory'] / 2**20:,.0f}", f"{r['memory'] / n:,.0f}", f"{r['precision']:.4f}", f"{r['recall']:.4f}"]
        )  # fmt: skip
        before = r
    heads = "articles|memory_limit|articles/s|fingerprints s|SQL s|scripts 1 to 7 s|exponent (all, SQL)|peak of SQL, MB|bytes/article|precision|recall"
    return table(heads.split("|"), lines)


def slope(points: list[tuple[int, float]]) -> float:
    """The exponent of a power law through points, by least squares."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = statistics.mean(xs), statistics.mean(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)


def describe(rows: list[Row]) -> str:
    """What the corpus is like, for comparing it with real ones."""
    texts = [" ".join(r["paragraphs"]).casefold().split() for r in rows[:400]]
    runs = [set(zip(t, t[1:], t[2:], strict=False)) for t in texts]
    shared = [len(a & b) for a, b in pairwise(runs)]
    kinds = Counter(r["kind"] for r in rows)
    return (
        f"{len(rows):,} articles, {statistics.mean(sum(map(len, r['paragraphs'])) for r in rows):,.0f} characters on average, "
        f"{len({w for t in texts for w in t}):,} words in the first 400, {statistics.mean(shared):.1f} runs of three words common to two "
        f"neighbours; " + ", ".join(f"{k} {kinds[k]:,}" for k in ("original", *COPIES, *TRAPS))
    )


def main() -> None:
    """Make the corpus, run every tool in turn, print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", help="python of the peers' venv; without it only ours is run")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="*", default=[25_000, 50_000, 100_000, 200_000])
    parser.add_argument(
        "--memory", default=None, help="a DuckDB memory limit for one more run at the largest size"
    )
    parser.add_argument("--corpus", type=Path, default=Path(tempfile.gettempdir()) / "repeats.jsonl")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--staged", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.one:
        said.json.write_text(
            json.dumps(run_one(said.one, said.corpus, said.articles, said.memory, said.staged))
        )
        return
    with said.corpus.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in make_corpus(max([said.articles, *said.growth])))
    rows = read(said.corpus, said.articles)
    print(describe(rows), flush=True)
    tools = {**dict.fromkeys(OURS, sys.executable), **dict.fromkeys(PEERS if said.peers else (), said.peers)}
    runs: dict[str, list[Row]] = {t: [] for t in tools}
    for _ in range(said.rounds):
        for tool, python in tools.items():
            runs[tool].append(measure(python, tool, said.corpus, said.articles))
    base = {} if BASE in runs else {BASE: runs["warwire, 1 thread"]}
    printed, result = compare(rows, {**runs, **base})
    print("\n" + printed, flush=True)
    sizes = growth(said.corpus, said.growth, said.memory) if said.growth else []
    if sizes:
        print("\n" + grow(sizes))
        print(f"\nPeak of staging: {sizes[0]['staging_memory'] / 2**20:,.0f} MB, in parts of {PART:,}.")
        free = [(r["articles"], r["cpu"], r["sql"]) for r in sizes if not r["memory_limit"]]
        if len(free) > 1:
            all_, sql = slope([(n, c) for n, c, _ in free]), slope([(n, s) for n, _, s in free])
            print(
                f"Processor time grows with the articles to the {all_:.2f}, that of the SQL to the {sql:.2f}."
            )
    if said.json:
        said.json.write_text(
            json.dumps({"corpus": describe(rows), "tools": result, "growth": sizes}, indent=1)
        )


if __name__ == "__main__":
    main()
