"""Hostile input made from a seed, and a strict reference that says what must become of it."""

from hostile import documents, files, lines, tables  # noqa: F401 - each brings its classes of files
from hostile.corpus import CLASSES, hostile_files

__all__ = ["CLASSES", "hostile_files"]
