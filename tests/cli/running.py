"""The program run as a person runs it, in this very process: words in, code and text out."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from typing import Any

from attrs import frozen

from manchengo_cli.main import main
from tests.support import fork_server

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from manchengo_cli.main import main; sys.exit(main())",
]
"""The same in a process of its own; what is typed comes behind."""


@frozen
class Run:
    code: int
    out: str
    err: str

    @property
    def shape(self) -> Any:
        """What standard output says, as a program reads it."""
        return json.loads(self.out)

    @property
    def fault(self) -> Any:
        """What standard error says, as a program reads it."""
        return json.loads(self.err)


def run(*words: str) -> Run:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(words)
    return Run(code, out.getvalue(), err.getvalue())


def done(*words: str) -> Run:
    """Run a command that must succeed."""
    ran = run(*words)
    assert ran.code == 0, f"{' '.join(words)}: {ran.err or ran.out}"
    return ran


def arrives(name: str, *roles: str) -> None:
    """Somebody new, who chooses a passphrase at this device, an administrator signed in."""
    done("user", "add", name, *roles)
    done("passwd", name)


def asked(*words: str) -> Any:
    """The answer in JSON of a command that must succeed."""
    return done(*words, "--json").shape


def one_line(text: str) -> str:
    """Text without its wrapping, and with plain spaces, to look for a sentence in it."""
    return " ".join(text.split())


@contextmanager
def watching(*words: str) -> Iterator[fork_server.Process]:
    """``sync --watch`` in a process of its own, which is killed at the end if it is still there."""
    program = partial(main, ["sync", "--watch", *words])
    process = fork_server.start(program, env=os.environ, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        fork_server.kill(process)
