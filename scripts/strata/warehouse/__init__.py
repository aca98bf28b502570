"""Warehouses: where the door writes to. One module an engine; the rest of the command does not know which it is."""
