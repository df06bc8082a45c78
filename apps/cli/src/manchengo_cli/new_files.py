"""Files that a command writes where somebody said: none is lost by it."""

import os
from pathlib import Path

from manchengo.system import new_private_file, replaced_private_file
from manchengo_workplace.storage_failures import storage_failure


def must_be_new(path: Path) -> None:
    """Raises ``Failure`` where a file of that name is there."""
    if os.path.lexists(path):
        raise storage_failure("AlreadyThere", path=path)


def write(path: Path, content: bytes, *, replaces: bool) -> None:
    """The whole file, for its owner alone. Raises ``Failure`` where one is there that it does not
    replace.
    """
    new_file = replaced_private_file if replaces else new_private_file
    try:
        with new_file(path) as file:
            file.write(content)
    except FileExistsError as error:
        raise storage_failure("AlreadyThere", path=path) from error
