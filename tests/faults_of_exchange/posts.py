"""A device of the dairy: an encrypted database, and a process that runs its program.

The process runs one command after the other, as they are typed: to start one for each would be most
of a test's time.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from attrs import define, field

from manchengo import Uuid7Ids
from manchengo.domain.ids import CommitId
from manchengo_sqlite import SqliteStore, keys
from manchengo_workplace.people_file import people_file
from tests.cli.running import Run, run
from tests.faults_of_exchange.oddities import NOTHING, Oddity, worn
from tests.server.running import PHRASE
from tests.support.cheap_keys import cheap_keys
from tests.support.fork_server import FORK_SERVER
from tests.support.patience import PATIENCE
from tests.support.signed_in import bring_people


def surroundings(database: Path) -> dict[str, str]:
    """The environment of whoever runs the program on that database, and on no other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MANCHENGO_")}
    kept["MANCHENGO_PIN_FILE"] = os.environ["MANCHENGO_PIN_FILE"]
    mine = {"MANCHENGO_DB": str(database), "MANCHENGO_PASSPHRASE": PHRASE, "COLUMNS": "100"}
    return kept | mine


def work(words: Connection, database: Path, oddity: Oddity) -> None:
    """Run what is typed, and say what came of it, until nobody types any more."""
    environment = surroundings(database)
    os.environ.clear()
    os.environ.update(environment)
    with worn(oddity), cheap_keys():
        while True:
            try:
                typed = words.recv()
            except EOFError:
                return
            words.send(run(*typed))


@define
class Post:
    """``recorded``: the ids of all that anybody recorded here, in their order."""

    database: Path
    recorded: list[CommitId] = field(factory=list)
    _process: Any = None
    _words: Connection | None = None

    # ------------------------------------------------------------ the process

    def starts(self, oddity: Oddity = NOTHING) -> None:
        """The process begins; the one before ends."""
        self.ends()
        ours, theirs = FORK_SERVER.Pipe()
        process = FORK_SERVER.Process(
            target=work, args=(theirs, self.database, oddity), daemon=True
        )
        process.start()
        theirs.close()
        self._process, self._words = process, ours

    def ends(self) -> None:
        """At once, whatever it does: as by ``kill -9``, or a battery that is empty."""
        if self._words is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._words.close()
        self._process = self._words = None

    def types(self, *words: str) -> None:
        """Without waiting for what comes of it."""
        if self._words is None:
            self.starts()
        assert self._words is not None
        self._words.send(words)

    def sees(self) -> Run:
        """What came of what was typed."""
        assert self._words is not None
        assert self._words.poll(PATIENCE), "the process is stuck"
        seen = self._words.recv()
        assert isinstance(seen, Run)
        return seen

    # ------------------------------------------------------------ the program

    def tries(self, *words: str) -> Run:
        self.types(*words)
        return self.sees()

    def does(self, *words: str) -> Run:
        """A command that must succeed."""
        ran = self.tries(*words)
        assert ran.code == 0, f"{' '.join(words)}: {ran.err or ran.out}"
        return ran

    def asks(self, *words: str) -> Any:
        return self.does(*words, "--json").shape

    def records(self, *words: str) -> CommitId:
        """The id of the commit."""
        named = CommitId(Uuid7Ids().new())
        self.does(*words, "--command-id", str(named))
        self.recorded.append(named)
        return named

    @property
    def pending(self) -> int:
        return int(self.asks("sync", "--status")["pending"])

    @contextmanager
    def opened(self) -> Iterator[SqliteStore]:
        """Its database, from this process, beside the program."""
        with SqliteStore.open(self.database, key=keys.unwrap(self.database, PHRASE)) as store:
            yield store

    def copied(self, to: Path) -> "Post":
        """Its database copied by hand, while nothing is written: name, keys and all."""
        self.ends()
        assert not self.database.with_name(f"{self.database.name}-wal").exists()
        for file in (self.database, keys.key_file(self.database)):
            shutil.copyfile(file, to.with_name(file.name.replace(self.database.name, to.name)))
        if people_file(self.database).exists():
            bring_people(self.database, to)
        return Post(to)
