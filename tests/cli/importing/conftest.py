"""The harnesses of the import tests, here too where the command line is tried beside it."""

from tests.files.conftest import harness, selling, small

__all__ = ["harness", "selling", "small"]
