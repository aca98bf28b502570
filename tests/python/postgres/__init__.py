"""Tests of what PostgreSQL does otherwise, on a real server."""
