"""Tests of strata.track, the package that applications use."""
