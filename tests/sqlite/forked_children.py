"""Other processes that read the database, forked where how they start is not what is tried."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define

from manchengo_sqlite.child_process import ChildProcess, serve
from tests.support import fork_server


@define
class ForkedChildren:
    """``count``: how many were started."""

    count: int = 0

    @contextmanager
    def started(self) -> Iterator[ChildProcess]:
        """As ``manchengo_sqlite.child_process.started``, in a twentieth of its time."""
        process = fork_server.start(
            serve, env=os.environ, stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.count += 1
        try:
            in_bytes: Any = _InBytes(process)
            yield ChildProcess(in_bytes)
        finally:
            fork_server.kill(process)


class _InBytes:
    """The process with streams of bytes."""

    def __init__(self, process: Any) -> None:
        self.stdin, self.stdout = process.stdin.buffer, process.stdout.buffer
        self.kill = process.kill
