"""A dairy at work: a server, the office and a telephone, each a process, and the cable between."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attrs import define

from manchengo.application import integrity
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import CommitId
from manchengo_sqlite import keys
from manchengo_sync.wire import CodeRequest
from manchengo_workplace.people_file import people_file
from tests.cli.conftest import DAY
from tests.faults_of_exchange.cable import Cable, cable
from tests.faults_of_exchange.oddities import NOTHING, Oddity
from tests.faults_of_exchange.posts import Post
from tests.server.running import Place, Process, check_quiet, running
from tests.support.signed_in import bring_people

L2 = "L2"
"""A lot of which five hundred litres of milk are left."""


@define
class Site:
    """``office`` brought the dairy, ``phone`` started from what it brought; both know the same."""

    place: Place
    folder: Path
    cable: Cable
    office: Post
    phone: Post
    _open: ExitStack
    _server: Process | None = None

    # ------------------------------------------------------------ the server

    @property
    def journal(self) -> Path:
        return self.folder / "journal.json"

    @property
    def server(self) -> Process:
        assert self._server is not None, "it was started"
        return self._server

    def starts(self, oddity: Oddity = NOTHING) -> None:
        """The server, wherever it listens this time."""
        serving = running(self.place, self.journal, program=oddity.server)
        self._server = self._open.enter_context(serving)
        self.cable.leads_to(self.server.url)

    def starts_again(self, oddity: Oddity = NOTHING) -> None:
        """As an operator does it."""
        assert self.server.stop() == 0
        self.starts(oddity)

    # ------------------------------------------------------------ the devices

    def another(self, post: Post) -> Post:
        """One more; it ends with the others."""
        self._open.callback(post.ends)
        return post

    @property
    def posts(self) -> tuple[Post, ...]:
        return self.office, self.phone

    def code(self, user: str = "amina") -> str:
        return str(self.office.asks("devices", "code", user)["code"])

    def code_of_the_terminal(self) -> str:
        """It lets amina's device in, and admits no key of hers."""
        with self.place.terminal() as service:
            request = CodeRequest(user_id=service.user_named("amina").id)
            return service.new_code(request, by=None).code

    def joins(self) -> None:
        """The office first, then the telephone."""
        with self.place.terminal() as service:
            code = service.first_code().code
        self.office.does("sync", "--join", self.cable.url, "--code", code, "--name", "bureau")
        self.lets_in(self.phone, "telephone")
        self.office.does("sync")

    def lets_in(self, post: Post, name: str, user: str = "amina") -> None:
        words = ("--join", self.cable.url, "--code", self.code(user), "--name", name)
        post.does("init", *words)

    def spills(self, post: Post, litres: int = 1) -> None:
        """Something that is recorded, of which there is more."""
        post.records("write-off", L2, str(litres), "--reason", "renversé", "--on", DAY)

    # ------------------------------------------------------------ in the end

    def log(self) -> list[LogEntry]:
        with self.place.store() as store, store.reading() as snapshot:
            return list(snapshot.entries())

    def check(self, *others: Post) -> list[LogEntry]:
        """Once all is said, everybody holds the same: the whole log, each commit once, and nothing
        that was recorded is missing in it.
        """
        posts = [*self.posts, *others]
        for post in (*posts, *posts):
            post.does("sync")
        states = [standing(post) for post in posts]
        with self.place.store() as store, store.reading() as snapshot:
            verdict = integrity.verify(snapshot)
            entries = list(snapshot.entries())
        assert verdict.sound
        assert [entry.global_seq for entry in entries] == list(range(1, len(entries) + 1))
        assert states == [(0, len(entries), verdict.views_digest)] * len(posts)
        check_once(entries)
        check_quiet(self.journal)
        recorded = {each for post in posts for each in post.recorded}
        assert recorded <= {entry.commit.id for entry in entries}
        return entries


def standing(post: Post) -> tuple[int, int, str]:
    """How much waits there, how much of the log is there, and what its views are; all is sound."""
    status = post.asks("sync", "--status")
    verdict = post.asks("verify", "--whole")
    assert verdict["sound"], verdict
    return status["pending"], status["log_head"], verdict["views_digest"]


def check_once(entries: list[LogEntry]) -> None:
    """What was parked stands once more in the log, when it was judged."""
    judged = [entry.commit.id for entry in entries if entry.verdict is not Verdict.PARKED]
    parked = [entry.commit.id for entry in entries if entry.verdict is Verdict.PARKED]
    for times in (Counter(judged), Counter(parked)):
        assert set(times.values()) <= {1}


@contextmanager
def a_site(place: Place, folder: Path, dairy: Path) -> Iterator[Site]:
    """``dairy``: the database of the office, before anybody heard of a server."""
    office = folder / "bureau.db"
    shutil.copyfile(dairy, office)
    shutil.copyfile(keys.key_file(dairy), keys.key_file(office))
    if people_file(dairy).exists():
        bring_people(dairy, office)
    with ExitStack() as stack:
        site = Site(
            place,
            folder,
            stack.enter_context(cable()),
            Post(office),
            Post(folder / "telephone.db"),
            stack,
        )
        for post in site.posts:
            site.another(post)
        site.starts()
        site.joins()
        yield site


def verdicts(entries: list[LogEntry]) -> dict[CommitId, Verdict]:
    """The last word on each commit."""
    return {entry.commit.id: entry.verdict for entry in entries}
