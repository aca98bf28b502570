"""The door's own scenarios where the engine matters, once more on PostgreSQL; and values that COPY must not change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from door.test_load import (
    test_a_file_cut_after_some_chunks_leaves_no_rows,
    test_a_file_that_cannot_be_read_is_one_rejection_kept_whole,
    test_a_load_that_fails_leaves_nothing,
    test_a_table_that_is_not_as_its_contract_is_refused,
    test_batches_count_up_and_hold_the_counts,
    test_every_column_comes_typed,
    test_loading_a_file_twice_changes_nothing,
    test_touched_partitions_are_the_utc_dates_of_the_event_time,
)
from door.test_replay import (
    replay,
    test_a_replay_that_fails_leaves_nothing,
    test_a_warehouse_is_whole_after_a_replay,
    test_every_form_comes_in_exactly_once,
)
from door.test_screen import (
    test_the_record_is_kept_as_it_came,
    test_the_sample_is_rejected_as_its_manifest_says,
)
from records import event, interaction, key, line, ndjson, session

from strata.contract import Contract
from strata.errors import StrataError
from strata.reference import Seed
from strata.settings import Settings
from strata.warehouse.open import open_warehouse

__all__ = [
    "replay",
    "test_a_file_cut_after_some_chunks_leaves_no_rows",
    "test_a_file_that_cannot_be_read_is_one_rejection_kept_whole",
    "test_a_load_that_fails_leaves_nothing",
    "test_a_replay_that_fails_leaves_nothing",
    "test_a_table_that_is_not_as_its_contract_is_refused",
    "test_a_warehouse_is_whole_after_a_replay",
    "test_batches_count_up_and_hold_the_counts",
    "test_every_column_comes_typed",
    "test_every_form_comes_in_exactly_once",
    "test_loading_a_file_twice_changes_nothing",
    "test_the_record_is_kept_as_it_came",
    "test_the_sample_is_rejected_as_its_manifest_says",
    "test_touched_partitions_are_the_utc_dates_of_the_event_time",
]


@pytest.mark.parametrize("damage", ["delete from raw_training.event_log where _line_number = 1",
                                    "delete from ops.batches where batch_id = 1"])  # fmt: skip
def test_a_damaged_warehouse_is_refused(
    settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed], door: Any, damage: str
) -> None:
    door.load(ndjson([event(1), event(2)]), "a.ndjson")
    door.load(ndjson([event(3)]), "b.ndjson")
    door.warehouse.execute(damage)
    with pytest.raises(StrataError, match=r"raw_training\.event_log holds .* rows, its batches brought"):
        open_warehouse(settings, contracts, seeds).__enter__()


def test_the_same_line_cannot_be_there_twice(door: Any) -> None:
    door.load(line(event(1)))
    with pytest.raises(StrataError, match="duplicate key"):
        door.warehouse.execute(
            "insert into raw_training.event_log select * from raw_training.event_log where _line_number = 1"
        )


def test_values_at_the_edges_come_through(door: Any) -> None:
    texts = ["ä 한 𝄞", "back\\slash", 'quote"', "tab\tand\nline", "{curly,braces}", "NULL", "\\N", ""]
    records = [interaction(number, input=text) for number, text in enumerate(texts, 1)]
    records.append(interaction(9, metadata__traitActivation=texts))
    records.append(interaction(10, metadata__traitActivation=[], metadata__upsellTriggered=True))
    records.append(interaction(11, timestamp="2000-01-01T00:00:00.000001Z"))
    records.append(interaction(12, timestamp="2026-12-31T23:59:59.999999Z", interactionId=key(12).replace("-", "-")))
    rows = door.load(ndjson(records), table="interaction_log").rows
    assert [rows[number]["input"] for number in range(1, 9)] == texts
    assert list(rows[9]["trait_activation"]) == texts
    assert (list(rows[10]["trait_activation"]), rows[10]["upsell_triggered"]) == ([], True)
    assert rows[11]["timestamp"] == datetime(2000, 1, 1, 0, 0, 0, 1)
    assert rows[12]["timestamp"] == datetime(2026, 12, 31, 23, 59, 59, 999999)
    assert {str(rows[number]["interaction_id"]) for number in rows} == {key(number) for number in range(1, 13)}


def test_doubles_come_through_to_the_last_bit(door: Any) -> None:
    values = [0.0, 0.1, 1 / 3, 86399.999999, 1e-300, 12345678.875]
    rows = door.load(ndjson(session(n, durationSec=value) for n, value in enumerate(values, 1)), table="session_log")
    assert [rows.rows[number]["duration_sec"] for number in sorted(rows.rows)] == values


def test_an_event_at_the_end_of_a_month_lies_in_that_month(door: Any) -> None:
    times = ["2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00Z", "2026-03-01T00:30:00+01:00"]
    door.load(ndjson(event(number, timestamp=time) for number, time in enumerate(times)))
    rows = door.warehouse.query(
        "select right(tableoid::regclass::text, 7), _event_date, count(*) from raw_training.event_log "
        "group by 1, 2 order by 2"
    )
    assert rows == [("2026_02", date(2026, 2, 28), 2), ("2026_03", date(2026, 3, 1), 1)]
