"""Sample data: what ``strata sample`` writes. Rows are made by DuckDB from hashes of a seed; nothing is random."""

from collections.abc import Callable

from strata.sample.learning import LearningSample, write_learning_sample
from strata.sample.report import ExpectedRejection, SampleFile, SampleReport, TableCounts
from strata.sample.training import write_mended_organisation, write_training_sample

# One writer an area; all take the landing folder, last_day, events, days, seed, single_file and memory_limit.
SAMPLES: dict[str, Callable[..., LearningSample | SampleReport]] = {
    "learning": write_learning_sample,
    "training": write_training_sample,
}

__all__ = [
    "SAMPLES",
    "ExpectedRejection",
    "LearningSample",
    "SampleFile",
    "SampleReport",
    "TableCounts",
    "write_learning_sample",
    "write_mended_organisation",
    "write_training_sample",
]
