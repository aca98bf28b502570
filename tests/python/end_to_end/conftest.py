"""The whole way on both engines, once for all tests of this folder."""

from engines import postgres_server

__all__ = ["postgres_server"]
