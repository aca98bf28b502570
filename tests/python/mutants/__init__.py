"""Which damage do the data tests notice? `make mutants` measures it; `test_mutants.py` is its short form."""
