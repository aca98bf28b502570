"""Tests of the door, one module of tests a module of the door."""
