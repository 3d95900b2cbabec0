from __future__ import annotations

import argparse
import dataclasses
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import query

from flows.cli import main
from flows.commands.options import run_arguments, settings_of
from flows.settings import OPTIONS, Settings, UsageError, parse_size
from warehouse.views import read_views


def warwire(
    *arguments: object, cwd: Path | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    command = [str(Path(sys.executable).with_name("warwire")), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=cwd, input=stdin.encode(), check=False)


@pytest.mark.parametrize(
    "command",
    [["sql", "select 1"], ["explain", "mentions_per_force", "islamic_state"], ["check"]],
    ids=lambda c: c[0],
)
def test_questions_do_not_import_prefect(command: list[str], samples: Path) -> None:
    code = "import sys\nfrom flows.cli import main\nmain(sys.argv[1:])\nassert 'prefect' not in sys.modules, 'prefect was imported'"
    done = subprocess.run(
        [sys.executable, "-c", code, *command, "--warehouse", str(samples)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_sql_formats(samples: Path, tmp_path: Path) -> None:
    asked = "select entity_id, candidate_ids from mentions where entity_id = 'islamic_state' order by mention_id limit 1"
    there = ("--warehouse", samples)
    assert (
        warwire("sql", asked, *there, "--format", "csv").stdout.decode()
        == 'entity_id,candidate_ids\nislamic_state,"[""islamic_state""]"\n'
    )
    assert json.loads(warwire("sql", asked, *there, "--format", "json").stdout) == {
        "entity_id": "islamic_state",
        "candidate_ids": ["islamic_state"],
    }
    (tmp_path / "rows.parquet").write_bytes(warwire("sql", asked, *there, "--format", "parquet").stdout)
    assert pq.read_table(tmp_path / "rows.parquet").num_rows == 1
    assert "(1 row)" in warwire("sql", asked, *there).stdout.decode()


def test_sql_works_from_anywhere_and_reads_only(samples: Path, tmp_path: Path) -> None:
    assert (
        warwire(
            "sql", "select count(*) from mentions_per_town", "--warehouse", samples, cwd=tmp_path
        ).returncode
        == 0
    )
    refused = warwire("sql", "create table t (a int)", "--warehouse", samples)
    assert refused.returncode == 1
    assert b"read-only" in refused.stderr


def test_the_prompt_answers_until_it_ends(samples: Path) -> None:
    done = warwire(
        "sql", "--warehouse", samples, stdin="select 1 + 1\n as two;\nselect nonsense;\n.tables\n.quit\n"
    )
    assert done.returncode == 1, "a query failed and nobody was there to see it"
    assert b"two" in done.stdout
    assert b"mentions_per_town" in done.stdout
    assert b"nonsense" in done.stderr


def test_every_id_is_explained(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for table, key in (("mentions", "mention_id"), ("paragraphs", "paragraph_id"), ("articles", "article_id"), ("documents", "document_id"),
                       ("stories", "story_id"), ("unknown_names", "unknown_name_id"), ("forces", "force_id")):  # fmt: skip
        (found,) = query(samples, f"select {key} from {table} order by 1 limit 1")
        assert main(["explain", str(found[0]), "--warehouse", str(samples)]) == 0
        assert capsys.readouterr().out.startswith(f"{table}\n")
    assert main(["explain", "no-such-id", "--warehouse", str(samples)]) == 1


def test_the_rows_behind_a_number_are_as_many_as_it_says(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for view, key in (
        ("mentions_per_town", "place_id"),
        ("mentions_per_force", "force_id"),
        ("mentions_per_outlet", "outlet_id"),
    ):
        for row_key, mentions in query(samples, f"select {key}, mentions from {view} limit 5"):
            assert main(["explain", view, str(row_key), "--warehouse", str(samples)]) == 0
            assert f"\n{mentions} rows behind this number" in capsys.readouterr().out


def test_every_view_with_rows_behind_it_is_explained(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    views = [view for view in read_views() if view.keys]
    explained = []
    for view in views:
        columns = [column for column, _ in view.keys]
        named = " and ".join(f"{column} is not null" for column in columns)
        for row in query(samples, f"select {', '.join(columns)} from {view.name} where {named} limit 1"):
            explained.append((view.name, [f"{c}={v}" for c, v in zip(columns, row, strict=True)]))
    assert len(explained) >= len(views) - 2
    for name, keys in explained:
        assert main(["explain", name, *keys, "--warehouse", str(samples)]) == 0, name
        assert keys[0].partition("=")[2] in capsys.readouterr().out, name


def test_explain_shows_the_sentence_and_the_place(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ((mention_id, surface, uri, start),) = query(
        samples,
        """select m.mention_id, m.document_surface, d.source_uri, m.document_start_char
        from mentions m join documents d using (document_id) where d.media_type = 'text/plain' and d.encoding_basis = 'valid' order by 1 limit 1""",
    )
    assert main(["explain", str(mention_id), "--warehouse", str(samples)]) == 0
    assert f"»{' '.join(str(surface).split())}«" in capsys.readouterr().out
    with Path(str(uri)).open(encoding="utf-8", newline="") as file:
        assert file.read()[int(str(start)) :].startswith(str(surface))


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["explain", "mentions_per_town", "atlantis"], 1, "no row with place_id=atlantis"),
        (["explain", "mentions_per_town", "colour=red"], 1, "explained by place_id"),
        (["explain", "stories", "x"], 1, "no view that can be explained"),
        (["sql", "select * from nowhere"], 1, "nowhere"),
    ],
)
def test_wrong_questions_say_the_remedy(
    arguments: list[str], code: int, says: str, samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--warehouse", str(samples)]) == code
    assert says in capsys.readouterr().err


def test_no_warehouse_and_no_input(tmp_path: Path) -> None:
    missing = warwire("sql", "select 1", "--warehouse", tmp_path / "none")
    assert (missing.returncode, b"build one with" in missing.stderr) == (1, True)
    nothing = warwire("run", "--inline", "--warehouse", tmp_path / "w", cwd=tmp_path)
    assert (nothing.returncode, b"no input" in nothing.stderr) == (2, True)
    assert warwire("run", "x", "--inline", "--max-document", "huge").returncode == 2
    assert warwire("frobnicate").returncode == 2
    lexicon = warwire(
        "run", tmp_path, "--inline", "--warehouse", tmp_path / "w", "--lexicon", tmp_path / "no"
    )
    assert (lexicon.returncode, b"no such folder" in lexicon.stderr) == (2, True)


def test_a_closed_pipe_is_no_error(samples: Path) -> None:
    command = f"{Path(sys.executable).with_name('warwire')} sql 'select * from aliases' --warehouse {samples} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, env=os.environ)
    assert "Traceback" not in done.stderr


def test_sizes() -> None:
    assert [parse_size(s) for s in ("4096", "50MB", "1.5gb", "10 k")] == [
        4096,
        50 * 10**6,
        1_500_000_000,
        10_000,
    ]
    with pytest.raises(UsageError):
        parse_size("lots")


def test_an_extra_lexicon_adds_and_replaces(tmp_path: Path) -> None:
    folder = tmp_path / "lexicon"
    folder.mkdir()
    (folder / "forces.csv").write_text(
        "force_id,name,short_name,kind,side,parent_id,country_code,wikidata_id\nriver_guard,River Guard,RG,militia,,,,\n"
    )
    (folder / "aliases.csv").write_text(
        "entity_id,entity_type,alias,alias_type,is_weak,requires,source\nriver_guard,force,River Guard,name,false,,mine\n"
    )
    (tmp_path / "a.txt").write_text(
        "Trucks\n\nThe River Guard let two trucks pass on Tuesday, a driver said."
    )
    assert (
        main(
            [
                "run",
                str(tmp_path / "a.txt"),
                "--inline",
                "--lexicon",
                str(folder),
                "--warehouse",
                str(tmp_path / "w"),
            ]
        )
        == 0
    )
    assert query(tmp_path / "w", "select force_id, mentions from mentions_per_force") == [("river_guard", 1)]
    assert main(["run", str(tmp_path / "a.txt"), "--inline", "--warehouse", str(tmp_path / "w")]) == 0
    assert query(tmp_path / "w", "select force_id from mentions_per_force") == []


def test_an_option_is_declared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a setting, a flag, a variable and a parameter of the flow, and a run is the same whichever way it was asked for."""
    from flows.build import build_warehouse
    from flows.schedule import parameters_of

    names = {option.name for option in OPTIONS}
    assert set(inspect.signature(build_warehouse.fn).parameters) == {"inputs", "warehouse", *names}
    assert names <= {field.name for field in dataclasses.fields(Settings)}
    typed = {
        "workers": "3", "memory": "2GB", "lexicon": str(tmp_path), "mapping": "title=Head line", "report": "1", "prune": "1",
        "max_document": "7MB",
    }  # fmt: skip
    assert set(typed) == names
    flags = [
        a
        for o in OPTIONS
        for a in (f"--{(o.flag or o.name).replace('_', '-')}", typed[o.name])[: 1 + bool(o.metavar)]
    ]
    by_flag = settings_of(parsed(["in", *flags]))
    for option in OPTIONS:
        monkeypatch.setenv(f"WARWIRE_{(option.flag or option.name).upper()}", typed[option.name])
    by_variable = settings_of(parsed(["in"]))
    assert (
        by_flag == by_variable != settings_of(argparse.Namespace(**{**vars(parsed(["in"])), "workers": "0"}))
    )
    parameters = json.loads(json.dumps(parameters_of(by_flag)))
    loaded = {o.name: o.load(parameters[o.name]) for o in OPTIONS}
    assert Settings(by_flag.warehouse, by_flag.inputs, **loaded) == dataclasses.replace(
        by_flag, cron=Settings.cron
    )


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--warehouse", type=Path, default=Path("w"))
    run_arguments(parser)
    return parser.parse_args(arguments)
