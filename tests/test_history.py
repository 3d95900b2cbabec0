"""Whatever happened to a warehouse before, its tables are those of one fresh run over the same inputs."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, build, write_files
from test_run import rows

import flows.parts
from flows.inline import Inline
from flows.run import run_steps
from flows.settings import Settings

HISTORIES = int(os.environ.get("WARWIRE_HISTORIES", "2"))
STEPS = 6
TOWNS = ("Raqqa", "Hajin", "Manbij", "Tabqa", "Mosul", "Azaz", "Umm Hajra", "Tell Borgak")
TEXT = (
    "{title}\n\n{day:02d}-07-2017\n{outlet}\nFollow us everywhere and all of the time\n\n{town} – Fighters of the SDF entered {town} on Monday, killing at least {n} "
    "ISIS militants, the {body} said.\n\n“We are in {other} and the road is open,” Karim Nasser told AFP.\n\n{long}\n\n"
    "The Nahr Brigade withdrew from {other} as buses left the town with {n} wounded people."
)
LONG = (
    "Officials met in the town hall for a third day and spoke of flour, of water and of the road to the bridge, while outside "
    "people stood in line with empty cans and waited for a lorry that did not come before dark, as on the days before."
)


class Killed(BaseException):
    """Stands in for a process that dies: nothing catches it."""


class Dying(Inline):
    """Steps of which the nth call is the last."""

    def __init__(self, calls: int) -> None:
        super().__init__(1)
        self.left = calls

    def _step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed

    def one(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        self._step()
        return super().one(name, function, *arguments)

    def each(self, name: str, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        self._step()
        return super().each(name, function, calls)


def article(rng: random.Random) -> str:
    town, other = rng.sample(TOWNS, 2)
    return TEXT.format(
        title=f"News from {town}", day=rng.randint(1, 12), outlet=rng.choice(["Rudaw", "The Guardian", "Some Gazette"]), town=town, other=other,
        n=rng.randint(2, 30), body=rng.choice(["Syrian Observatory for Human Rights", "Nahr Observatory"]), long=LONG if rng.random() < 0.4 else "It rained.",
    )  # fmt: skip


def export(rng: random.Random) -> str:
    """An export of a few rows, with columns that a `--map` can name in two ways, in which a row may stand more than once."""
    rows = [{"Kop": f"News {n}", "Lijf": article(rng), "Meer": "Another text of the same row.", "url": f"https://{n}.example/{rng.randint(1, 2)}"} for n in range(rng.randint(1, 4))]  # fmt: skip
    return "\n".join(json.dumps(r) for r in (*rows, *rng.sample(rows, 1)))


def change(rng: random.Random, folder: Path) -> None:
    """One thing that happens to a folder: a file or an export comes, changes, is copied under another name or ending, goes."""
    there = sorted(folder.iterdir())
    what = (
        rng.choice(["add", "add", "add", "export", "change", "copy", "same bytes", "remove"])
        if there
        else "add"
    )
    name = f"{rng.randint(0, 999):03d}"
    if what == "add":
        write_files(folder, {f"{name}.txt": article(rng)})
    elif what == "export":
        write_files(folder, {f"{name}.jsonl": export(rng)})
    elif what == "change":
        path = rng.choice(there)
        write_files(folder, {path.name: export(rng) if path.suffix == ".jsonl" else article(rng)})
    elif what == "copy":
        raw = rng.choice(there).read_bytes()
        write_files(folder, {f"{name}.txt": raw if rng.random() < 0.3 else raw.replace(b"Rudaw", b"The Daily Star").replace(b"It rained.", b"It rained again.")})  # fmt: skip
    elif what == "same bytes":
        path = rng.choice(there)
        endings = [".jsonl"] if path.suffix == ".jsonl" else [".txt", ".md", ".html"]
        shutil.copy(path, folder / f"{name}{rng.choice(endings)}")
    else:
        rng.choice(there).unlink()


MAPS = ((("title", "Kop"), ("text", "Lijf")), (("title", "Kop"), ("text", "Meer")))


def lexicons(folder: Path) -> list[tuple[Path, ...]]:
    """No lexicon of the user's own; one that knows an unknown force and town; one that knows them otherwise."""
    folders: list[tuple[Path, ...]] = [()]
    for name, force, town in (("a", "Nahr Brigade", "Umm Hajra"), ("b", "Nahr", "Tell Borgaq")):
        write_files(
            folder / name,
            {
                "forces.csv": f"force_id,name,short_name,kind,side,parent_id,country_code,wikidata_id\nnahr_brigade,{force},{force},militia,other,,SY,\n",
                "places.csv": f"place_id,name,kind,country_code,admin1,admin2,latitude,longitude,geonames_id,population,source\nmy_town,{town},town,SY,Raqqa,,36.1,39.1,,900,own\n",
                "aliases.csv": "entity_id,entity_type,alias,alias_type,is_weak,requires,source,example\n"
                f"nahr_brigade,force,{force},name,false,,own,The {force} left.\nmy_town,place,{town},name,false,,own,They reached {town}.\n",
            },
        )
        folders.append((folder / name,))
    return folders


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_any_history_gives_the_rows_of_a_fresh_run(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(flows.parts, "MANY", 2)  # parts are put together all the time
    folder, warehouse = tmp_path / "in", tmp_path / "w"
    folder.mkdir()
    for sample in rng.sample(sorted(SAMPLES.glob("*.txt")), 2):
        shutil.copy(sample, folder)
    choices = lexicons(tmp_path / "lexicons")
    lexicon = choices[0]
    mapping = MAPS[0]
    for _ in range(STEPS):
        for _ in range(rng.randint(0, 3)):
            change(rng, folder)
        if rng.random() < 0.4:
            lexicon = rng.choice(choices)
        if rng.random() < 0.3:
            mapping = rng.choice(MAPS)
        if rng.random() < 0.2:  # a disk that is not there for once
            away = folder.rename(tmp_path / "away")
            run_steps(
                Settings(warehouse, (str(folder),), 1, prune=True, lexicon=lexicon, mapping=mapping),
                Inline(1),
            )
            away.rename(folder)
        settings = Settings(
            warehouse, (str(folder),), 1, prune=True, lexicon=lexicon, mapping=mapping, grace=0.0
        )
        if rng.random() < 0.3:
            with suppress(Killed):  # it may also have nothing to do
                run_steps(settings, Dying(rng.randint(0, 4)))
        else:
            run_steps(settings, Inline(1))
    run_steps(settings, Inline(1))
    again = run_steps(replace(settings, mapping=()), Inline(1))  # what was said of the folder is remembered
    assert again.outcome == "unchanged"
    build(tmp_path / "fresh", folder, lexicon=lexicon, mapping=mapping)
    stood, fresh = rows(warehouse), rows(tmp_path / "fresh")
    for table, expected in fresh.items():
        assert stood[table] == expected, table
