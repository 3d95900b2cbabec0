"""Spellings, lexicons of one's own, and the commands that help to write one."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from conftest import ROOT, build, query, write_files

from flows.cli import main
from flows.versions import lexicon_of, seeds_of
from transforms.language.spelling import fold, sound_key
from transforms.names.lexicon import Lexicon
from transforms.names.mentions import find_mentions
from warehouse.seeds import SeedError

AMERICA = ROOT / "tests" / "lexicons" / "latin_america"
MUC4 = ROOT.parent / "shared" / "data" / "muc4" / "docs.jsonl.gz"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Deir ez-Zor", "Dayr al-Zawr", "Der Ezzour", "Dair Alzour", "Deir el-Zor", "Deyr az-Zor"),
        ("Khan Sheikhoun", "Khan Shaykhun", "Khan Chaykhoun", "Khan Şeykhun"),
        ("Baqubah", "Ba'quba", "Baaquba", "Baqouba"),
        ("Qamishli", "Kamishly", "Qameshlo", "Gamishli"),
        ("Fallujah", "Falluja", "Felluce", "al-Faloujah"),
        ("Maarat al-Numan", "Ma'arrat an-Nu'man", "Maaret al-Noman"),
        ("Halfaya", "Halfaia", "Helfeya"),
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({sound_key(s) for s in spellings}) == 1, {s: sound_key(s) for s in spellings}


@pytest.mark.parametrize(
    ("one", "other"), [("Hajin", "Hasin"), ("Tal Afar", "Tal Abyad"), ("Raqqa", "Rawa"), ("Mosul", "Masyaf")]
)
def test_different_towns_do_not(one: str, other: str) -> None:
    assert not sound_key(one) or sound_key(one) != sound_key(other)


def test_few_different_towns_share_a_key_and_most_variants_are_found(lexicon: Lexicon) -> None:
    towns = {
        e.entity_id for e in lexicon.entities.values() if e.kind == "town" and e.country_code in ("SY", "IQ")
    }
    names: dict[str, set[str]] = defaultdict(set)
    for row in lexicon.seeds["aliases"]:
        if row["entity_id"] in towns:
            names[row["entity_id"]].add(row["alias"])
    by_key: dict[str, set[str]] = defaultdict(set)
    for entity_id, aliases in names.items():
        for alias in aliases:
            if key := sound_key(alias):
                by_key[key].add(entity_id)
    shared = sum(len(e) * (len(e) - 1) // 2 for e in by_key.values())
    assert shared <= 3e-4 * len(towns) * (len(towns) - 1) / 2
    # each variant held out: do the other spellings of its town lead to that town alone, or among others?
    outcome: Counter[str] = Counter()
    for entity_id, aliases in names.items():
        for alias in aliases:
            others = {sound_key(a) for a in aliases if fold(a) != fold(alias)}
            if others and (key := sound_key(alias)) and lexicon.entities[entity_id].curated:
                outcome["found" if key in others else "wrong" if len(by_key[key]) > 1 else "missed"] += 1
    assert outcome["found"] >= 0.95 * outcome.total()
    assert outcome["wrong"] <= 0.01 * outcome.total()


SAMPLE = """BOGOTA, 15 JAN 90 -- [TEXT] THE ELN BLEW UP A PIPELINE NEAR ARAUCA YESTERDAY, THE COLOMBIAN ARMY REPORTED.

IN EL SALVADOR, THE FMLN ATTACKED SOYAPANGO AND THE SALVADORAN AIR FORCE ANSWERED. SHINING PATH KILLED A MAYOR NEAR AYACUCHO, PERU.
"""  # fmt: skip


def test_a_lexicon_of_60_lines_reads_another_war(tmp_path: Path) -> None:
    assert sum(len(p.read_text().splitlines()) for p in AMERICA.glob("*.csv")) <= 60
    build(tmp_path / "w", write_files(tmp_path / "in", {"a.txt": SAMPLE}), lexicon=(AMERICA,))
    forces = query(tmp_path / "w", "select force_id from mentions_per_force order by 1")
    assert [f for (f,) in forces] == [
        "colombian_army",
        "eln_colombia",
        "fmln",
        "salvadoran_armed_forces",
        "shining_path",
    ]
    assert {t for (t,) in query(tmp_path / "w", "select place_id from mentions_per_town")} == {
        "arauca",
        "soyapango",
        "ayacucho",
    }


@pytest.mark.skipif(not MUC4.exists(), reason="the MUC-4 texts are not here")
def test_it_finds_them_in_the_texts_of_1989() -> None:
    lexicon = lexicon_of((AMERICA,))
    named = {
        "FMLN": "fmln",
        "SHINING PATH": "shining_path",
        "ELN": "eln_colombia",
        "FARC": "farc",
        "SOYAPANGO": "soyapango",
    }
    seen: Counter[tuple[str, bool]] = Counter()
    with gzip.open(MUC4, "rt", encoding="utf-8") as file:
        for line in list(file)[:300]:
            text = json.loads(line)["text"] or ""
            ids = {f.entity.entity_id for f in find_mentions(text, lexicon) if f.entity}
            for name, entity_id in named.items():
                if re.search(rf"\b{name}\b", text):
                    seen[name, entity_id in ids] += 1
    assert not [name for name, found in seen if not found]
    assert {name for name, _ in seen} >= {"FMLN", "ELN", "SHINING PATH"}


FAULTY = {
    "forces.csv": "force_id,name,kind,parent_id,country_code\nRed Army,Red Army,army,,Col\na_front,A Front,militia,b_front,\nb_front,B Front,militia,a_front,\n",
    "places.csv": "place_id,name,kind,country_code,latitude,longitude,source\nnorth,North,town,CO,97.5,abc,hand\n",
    "aliases.csv": (
        "entity_id,entity_type,alias,alias_type,is_weak,requires,source,example\n"
        "nobody,force,Nobody,name,false,,hand,\n"
        "north,place,North,name,false,country:co,hand,\n"
        "north,place,no,variant,maybe,,hand,\n"
    ),
    "furniture.csv": "kind,pattern\nshare,share this\nshare,(?!a)b\n",
    "outlet_fingerprints.csv": "outlet_id,form,value,kind\nrudaw,signature,(1,credit\nrudaw,pattern,(0,credit\n",
    "towns.csv": "place_id\n",
}


def test_lexicon_check_explains_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_files(tmp_path / "lexicon", FAULTY)
    assert main(["lexicon", "check", str(folder)]) == 1
    assert "towns.csv:1: no seed table has this name" in capsys.readouterr().out
    (folder / "towns.csv").unlink()
    assert main(["lexicon", "check", str(folder)]) == 1
    printed = capsys.readouterr().out
    for expected in (
        "forces.csv:2: the force_id 'Red Army' is no slug",
        "forces.csv:2: the kind 'army' is none of",
        "forces.csv:2: the country_code 'Col'",
        "forces.csv:3: its own parent: a_front → b_front → a_front",
        "places.csv:2: the latitude 97.5 lies outside",
        "places.csv:2: the longitude 'abc' is no number",
        "aliases.csv:2: the entity_id 'nobody' is in no table",
        "aliases.csv:3: requires names 'country:co'",
        "aliases.csv:3: requires says something, but is_weak is not true",
        "aliases.csv:4: is_weak is 'maybe'",
        "aliases.csv:4: the alias 'no' is too short",
        "furniture.csv:3: the pattern '(?!a)b' is none that RE2 takes: invalid perl operator: (?!",
        "outlet_fingerprints.csv:3: the pattern '(0' is none that RE2 takes: missing )",
    ):
        assert expected in printed
    assert "furniture.csv:2" not in printed
    assert "outlet_fingerprints.csv:2" not in printed


def test_lexicon_check_tries_the_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = "raqqa,place,Old Raqqa,variant,false,,hand,Nothing of the sort stands here.\n"
    header = "entity_id,entity_type,alias,alias_type,is_weak,requires,source,example\n"
    folder = write_files(tmp_path / "lexicon", {"aliases.csv": header + row})
    assert main(["lexicon", "check", str(folder)]) == 1
    assert "aliases.csv:2: its example does not find 'Old Raqqa' as raqqa" in capsys.readouterr().out
    assert main(["lexicon", "check", str(AMERICA)]) == 0


PLACES = "place_id,name,kind,country_code\nvolkovets,Volkovets,town,UA\n"
ALIASES = "entity_id,entity_type,alias,alias_type,is_weak\nvolkovets,place,Volkovets,name,false\n"


def test_a_lexicon_is_as_its_tables_declare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A type of event that is none is named by the check and by the run, which publishes nothing."""
    folder = write_files(
        tmp_path / "lexicon",
        {"event_terms.csv": "form,event_type,syntax\nducked,battle_royale,act\nhid,siege,hid\n"},
    )
    assert main(["lexicon", "check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "event_terms.csv:2: the event_type 'battle_royale' is none of: armed_clash" in said
    assert "event_terms.csv:3: the syntax 'hid' is none of: act, hold, move, noun, to, weapon, with" in said
    texts = write_files(tmp_path / "in", {"a.txt": "A day\n\nThey ducked."})
    run = ["run", str(texts), "--warehouse", str(tmp_path / "w"), "--inline", "--lexicon", str(folder)]
    assert main(run) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "event_terms.csv:2: the event_type 'battle_royale'" in line
    assert "event_terms.csv:3: the syntax 'hid'" in line
    assert not (tmp_path / "w" / "current.json").exists()


@pytest.mark.parametrize(("header", "fault"), [
    ("form,event_type", "event_terms.csv:1: no column syntax"),
    ("form,event_type,syntax,sytnax", "event_terms.csv:1: event_terms has no column 'sytnax'; it has: form, event_type"),
])  # fmt: skip
def test_columns_of_a_lexicon_are_as_declared(
    header: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_files(tmp_path / "lexicon", {"event_terms.csv": f"{header}\n"})
    assert main(["lexicon", "check", str(folder)]) == 1
    assert fault in capsys.readouterr().out
    with pytest.raises(SeedError, match=r"event_terms\.csv:1"):
        seeds_of((folder,))


def test_what_may_be_left_out_may(tmp_path: Path) -> None:
    """What the check calls faultless a run can use; a row's source is then its folder."""
    folder = write_files(tmp_path / "mine", {"places.csv": PLACES, "aliases.csv": ALIASES})
    assert main(["lexicon", "check", str(folder)]) == 0
    texts = write_files(tmp_path / "in", {"a.txt": "A day\n\nShells fell on Volkovets on Monday."})
    build(tmp_path / "w", texts, lexicon=(folder,))
    assert query(
        tmp_path / "w",
        "select p.source, count(*) from mentions join places p on place_id = entity_id group by 1",
    ) == [("mine", 1)]


def test_who_has_no_alias_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_files(tmp_path / "lexicon", {"places.csv": PLACES})
    assert main(["lexicon", "check", str(folder)]) == 1
    assert (
        "places.csv:2: no row of aliases names 'volkovets': 'Volkovets' would never be found"
        in capsys.readouterr().out
    )
    texts = write_files(tmp_path / "in", {"a.txt": "A day\n\nShells fell on Volkovets on Monday."})
    done = build(tmp_path / "w", texts, lexicon=(folder,))
    assert any("'volkovets', have no row in aliases.csv" in note for note in done.notes)


def test_a_forgotten_lexicon_is_said(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "lexicon", {"places.csv": PLACES, "aliases.csv": ALIASES})
    texts = write_files(tmp_path / "in", {"a.txt": "A day\n\nShells fell on Volkovets on Monday."})
    assert not build(tmp_path / "w", texts, lexicon=(folder,)).notes
    (note,) = build(tmp_path / "w", texts).notes
    assert "'volkovets', are not in this run's lexicon" in note
    assert not build(tmp_path / "w", texts).notes


def test_lexicon_suggest_proposes_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {
        f"{n}.txt": f"Report {n}\n\nIn Syria, men of the Blue River Brigade left {town} and came to Umm Zanbur on day {n}. Karim Saleh spoke."
        for n, town in enumerate(("Hajin", "Raqqa", "Mayadin"))
    }
    build(tmp_path / "w", write_files(tmp_path / "in", texts))
    assert main(["lexicon", "suggest", "--warehouse", str(tmp_path / "w"), "--format", "json"]) == 0
    rows = {r["name"]: r for r in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows["Blue River Brigade"]["proposal"] == "new force"
    assert rows["Umm Zanbur"]["proposal"] == "new place"
    assert rows["Umm Zanbur"]["articles"] == 3
    assert "»Umm Zanbur«" in rows["Umm Zanbur"]["example"]
    assert rows["Karim Saleh"]["proposal"] == "look"
