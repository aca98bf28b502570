"""No general file names an area: it holds for the project, and it is noticed where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from strata.areas import read_areas
from strata.areas.area import Area
from strata.repository_checks import named_areas

PROJECT = Path(__file__).parents[2]


def test_no_general_file_names_an_area() -> None:
    assert list(named_areas(PROJECT)) == []


def test_every_area_with_contracts_is_listed() -> None:
    described = {folder.parent.name for folder in PROJECT.glob("models/*/contracts")} - {"ops"}
    assert set(read_areas(PROJECT)) == described


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project with the areas fruit and bread, whose own files name them."""
    files = {
        "dbt_project.yml": "vars: {areas: [fruit, bread]}\n",
        "models/fruit/staging/stg_fruit__apples.sql": "select * from {{ source('fruit', 'apples') }}\n",
        "tests/python/test_door.py": "AREA = 'fruit'\n",
        "macros/metrics/README.md": "Used by `int_fruit__day`.\n",
        "macros/metrics/ratio.sql": "-- fruit is an ordinary word, and so is grapefruit__day\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_areas_may_name_themselves(small: Path) -> None:
    assert list(named_areas(small)) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("macros/metrics/day.sql", "select * from {{ ref('int_fruit__day') }}"),
        ("models/ops/all.sql", "where area = 'bread'"),
        ("scripts/strata/demo.py", "from strata.areas.fruit import AREA"),
        ("tests/python/histories.py", '"""Histories of the area bread."""'),
        ("tests/generic/unique.sql", "join raw_fruit.apples"),
        ("Makefile", "\tpython scripts/bench/fruit.py"),
        ("scripts/strata/door/names.py", "_WORDS = re.compile(r'(?:day|fruit|hour)')"),
    ],
)
def test_a_general_file_that_names_one_is_found(path: str, line: str, small: Path) -> None:
    (small / path).parent.mkdir(parents=True, exist_ok=True)
    (small / path).write_text(f"\n{line}\n", encoding="utf-8")
    assert [(where, number) for where, number, _ in named_areas(small)] == [(path, 2)]


def test_an_area_may_have_folders_of_another_name(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("scripts/strata/basket/pears.py", "scripts/strata/baskets.py"):
        (small / path).parent.mkdir(parents=True, exist_ok=True)
        (small / path).write_text("AREA = 'fruit'\n", encoding="utf-8")
    areas = {"fruit": Area("fruit", folders=("scripts/strata/basket",)), "bread": Area("bread")}
    monkeypatch.setattr("strata.repository_checks.read_areas", lambda project: areas)
    assert [path for path, _, _ in named_areas(small)] == ["scripts/strata/baskets.py"]


def test_the_folders_of_the_areas_exist() -> None:
    folders = [folder for area in read_areas(PROJECT).values() for folder in area.folders]
    assert folders
    assert all((PROJECT / folder).is_dir() for folder in folders)
