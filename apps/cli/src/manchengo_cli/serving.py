"""The server is another program: this one finds it, and becomes it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from manchengo_presenters.language import N_
from manchengo_workplace.failures import Failure

PROGRAM = "manchengo-server"


def program() -> str:
    """Where it is: beside this program, else wherever the computer keeps programs."""
    found = shutil.which(PROGRAM, path=str(Path(sys.executable).parent)) or shutil.which(PROGRAM)
    if found is None:
        raise Failure(
            "ServerMissing",
            N_(
                "The server is a program of its own, {program}, and is not installed here. "
                "Install the package manchengo-server, or ask whoever looks after this computer."
            ),
            {"program": PROGRAM},
        )
    return found


def start(words: Sequence[str]) -> int:
    """Where the system can, this process becomes the server, so that whoever ends the one ends the
    other; elsewhere it waits for it.
    """
    command = [program(), "serve", *words]
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)
