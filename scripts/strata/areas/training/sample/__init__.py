"""Sample data of the area. Rows are made by DuckDB from hashes of a seed; nothing is random."""

from strata.areas.training.sample.report import ExpectedRejection, SampleFile, SampleReport, TableCounts
from strata.areas.training.sample.training import write_mended_organisation, write_training_sample

__all__ = [
    "ExpectedRejection",
    "SampleFile",
    "SampleReport",
    "TableCounts",
    "write_mended_organisation",
    "write_training_sample",
]
