"""The desks of the import tests, here too where the command line is tried beside the importer."""

from tests.files.conftest import desk, selling, small

__all__ = ["desk", "selling", "small"]
