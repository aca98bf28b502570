"""Hostile input made from a seed, and a strict reference that says what must become of it."""
