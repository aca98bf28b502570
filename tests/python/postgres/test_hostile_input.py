"""The door's verdict on hostile input, once more where its rows go over COPY into PostgreSQL."""

from __future__ import annotations

import pytest
from test_hostile import (
    test_every_hostile_file_has_its_answer_and_its_neighbours_load,
    test_no_damage_to_a_file_is_a_crash,
    test_the_door_judges_like_the_reference,
)
from test_hostile_databases import (
    test_no_damage_to_a_database_is_a_crash,
    test_the_door_judges_rows_like_the_reference,
)

__all__ = [
    "test_every_hostile_file_has_its_answer_and_its_neighbours_load",
    "test_no_damage_to_a_database_is_a_crash",
    "test_no_damage_to_a_file_is_a_crash",
    "test_the_door_judges_like_the_reference",
    "test_the_door_judges_rows_like_the_reference",
]

pytestmark = pytest.mark.proof
