from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from conftest import query

from transforms.pipeline import TABLES
from transforms.tables.seeds import SEED_TABLES
from warehouse.dictionary import render_dictionary
from warehouse.views import read_views

ROOT = Path(__file__).resolve().parent.parent


def test_the_dictionary_is_what_the_declarations_say(samples: Path) -> None:
    with duckdb.connect(str(samples / "warehouse.duckdb"), read_only=True) as connection:
        rendered = render_dictionary(TABLES, list(SEED_TABLES.values()), connection)
    assert (ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8") == rendered, "run: make docs"


def test_every_view_and_each_of_its_columns_is_explained(samples: Path) -> None:
    for view in read_views():
        assert view.about, view.name
        columns = {
            str(c)
            for (c,) in query(
                samples, f"select column_name from duckdb_columns() where table_name = '{view.name}'"
            )
        }
        assert columns == {name for name, _ in view.columns}, view.name


def test_comments_stand_in_the_warehouse(samples: Path) -> None:
    names = {t.name for t in TABLES} | {v.name for v in read_views()}
    commented = {
        str(n)
        for (n,) in query(
            samples, "select view_name from duckdb_views() where not internal and comment is not null"
        )
    }
    assert commented == names
    assert (
        query(
            samples,
            """select table_name, column_name from duckdb_columns()
        where not internal and comment is null and table_name <> 'warwire_catalog'""",
        )
        == []
    )


COOKBOOK = re.findall(
    r"\*\*(\d+)\. .*?```sql\n(.*?)```", (ROOT / "docs" / "sql.md").read_text(encoding="utf-8"), re.S
)


@pytest.mark.parametrize(("number", "sql"), COOKBOOK, ids=[n for n, _ in COOKBOOK])
def test_the_cookbook_answers(number: str, sql: str, samples: Path) -> None:
    assert query(samples, sql) or sql.startswith("-- may be empty"), number


def test_the_cookbook_has_twenty_questions() -> None:
    assert [int(n) for n, _ in COOKBOOK] == list(range(1, 21))


def test_the_readme_opens_with_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = re.search(r"```\w*\n(.*?)```", readme, re.S)
    assert first is not None
    assert [line.split("#")[0].strip() for line in first[1].strip().splitlines()] == ["make run", "make test"]


def test_the_house_is_as_promised() -> None:
    for name in (
        "flows",
        "transforms",
        "warehouse",
        "tests",
        "seeds",
        "docs",
        "benchmarks",
        ".ci/run",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "Makefile",
        "requirements.lock",
        "prefect.yaml",
    ):
        assert (ROOT / name).exists(), name
