"""A real server process on this machine: it is stopped, killed, put back, and nothing is lost."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from attrs import define, evolve, field

from manchengo import MemoryStore, Role
from manchengo.application import integrity
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.rows import RawLotRow
from manchengo_sync import signing, wire
from manchengo_sync.exchange import sync
from manchengo_sync.http import NO_TLS, HttpLink
from manchengo_sync.joining import join
from manchengo_sync.link import Recovering, Unreachable
from manchengo_sync.outcome import Exchanged
from manchengo_sync.outgoing import next_page
from tests.server.running import (
    PLACES,
    Place,
    Process,
    back_up,
    check_quiet,
    founded,
    put_back,
    ran,
    running,
    running_workers,
    until,
)
from tests.support.dairy import A_DAIRY, litres, lot_id, received
from tests.support.patience import PATIENCE
from tests.support.server import BOSS, Device, a_server, digest_of, register, signing_seed

PAGE = 25
ON_A_FILE = pytest.mark.parametrize("place", ["file"], indirect=True)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return founded(request.param, tmp_path)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.json"


@define
class Post:
    """A device of the dairy, speaking over HTTP with the client that devices really use."""

    device: Device
    link: HttpLink
    state_cache: StateCache = field(factory=StateCache)

    def syncs(self) -> Exchanged:
        return sync(
            self.device.store,
            self.link,
            clock=self.device.clock,
            ids=self.device.ids,
            state_cache=self.state_cache,
            user_id=BOSS,
        )

    def page(self) -> wire.PushRequest:
        """The next few commits."""
        page = next_page(self.device.store, state_cache=self.state_cache)
        return evolve(page, commits=page.commits[:PAGE]).request(limit=1_000)

    def moves_to(self, url: str) -> None:
        self.link.close()
        self.link = link_to(url, self.device)


def link_to(url: str, device: Device) -> HttpLink:
    return HttpLink(url, device_id=device.id, user_id=BOSS, private_key=device.key)


@define
class Posts:
    """The devices of one test; all are hung up at the end."""

    place: Place
    made: list[Post] = field(factory=list)

    def first(self, url: str, *steps: object) -> Post:
        with self.place.terminal() as service:
            code = service.first_code().code
        return self._joins(url, code, register(BOSS, "Amina", Role.ADMIN), A_DAIRY, *steps)

    def second(self, url: str) -> Post:
        """It knows nothing yet."""
        with self.place.terminal() as service:
            code = service.new_code(wire.CodeRequest(user_id=BOSS), by=None).code
        return self._joins(url, code)

    def _joins(self, url: str, code: str, *steps: object) -> Post:
        number = len(self.made) + 1
        device = evolve(
            a_server().device(),
            store=MemoryStore(),
            key=signing_seed(number).hex(),
            ids=CountingIds(10_000_000 * number),
            clock=SteppingClock(START_OF_MEMORY),
        )
        with device.store.writing() as transaction:
            transaction.set_setting("device_id", str(DeviceId(device.ids.new())))
            transaction.set_setting(signing.DEVICE_KEY, device.key)
        device.does(*steps)
        made = Post(device, link_to(url, device))
        self.made.append(made)
        name = f"poste {number}"
        join(device.store, made.link, url=url, code=code, name=name, user_id=BOSS)
        return made

    def hang_up(self) -> None:
        for each in self.made:
            each.link.close()


@pytest.fixture
def posts(place: Place) -> Iterator[Posts]:
    made = Posts(place)
    yield made
    made.hang_up()


def lots(count: int, named: str = "L") -> list[object]:
    return [received(f"{named}{number}", litres(1)) for number in range(count)]


def check(place: Place, *posts: Post) -> None:
    """The server, once stopped, holds what the devices hold, whole and once."""
    for each in posts:
        each.syncs()
    with place.store() as store, store.reading() as snapshot:
        assert integrity.verify(snapshot).sound
        numbers = [entry.global_seq for entry in snapshot.entries()]
        assert numbers == list(range(1, len(numbers) + 1))
        commits = [entry.commit.id for entry in snapshot.entries()]
        assert len(set(commits)) == len(commits)
    digests = {digest_of(each.device.store) for each in posts}
    with place.store() as store:
        digests.add(digest_of(store))
    assert len(digests) == 1


@ON_A_FILE
def test_told_to_stop_it_lets_those_go_who_wait_and_leaves_cleanly(
    place: Place, journal: Path, posts: Posts
) -> None:
    with running(place, journal) as server:
        office = posts.first(server.url)
        office.syncs()
        asked = evolve(office.page(), wait=wire.LONGEST_WAIT)
        with ThreadPoolExecutor(1) as aside:
            waiting = aside.submit(office.link.push, asked)
            until(lambda: server.measured("manchengo_waiting_devices") == 1)
            assert server.stop() == 0
            assert waiting.result(timeout=PATIENCE).new == ()
        check_stopped(server)
    check_quiet(journal)


def check_stopped(server: Process) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/healthz", verify=NO_TLS, trust_env=False, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("place", "acknowledged"), [("file", 0), ("file", 2), ("PostgreSQL", 1)], indirect=["place"]
)
def test_killed_in_the_middle_of_a_push_it_keeps_all_it_acknowledged(
    place: Place, journal: Path, posts: Posts, acknowledged: int
) -> None:
    synced: list[CommitId] = []
    with running(place, journal) as server:
        office = posts.first(server.url, *lots(6 * PAGE))

        def pushes() -> None:
            """Pages, one after the other, until nobody answers."""
            with suppress(Unreachable):
                while True:
                    response = office.link.push(office.page())
                    synced.extend(response.synced)
                    office.device.take(response)

        with ThreadPoolExecutor(1) as aside:
            pushing = aside.submit(pushes)
            until(lambda: len(synced) >= acknowledged * PAGE)
            server.kill()
            pushing.result(timeout=PATIENCE)
    with place.store() as store, store.reading() as snapshot:
        assert set(synced) <= snapshot.known(synced)
    with running(place, journal) as server:
        office.moves_to(server.url)
        office.syncs()
        check(place, office)
        with office.device.store.reading() as left:
            assert left.count_pending() == 0
        assert server.stop() == 0


def test_a_server_put_back_from_a_backup_takes_everything_back(
    place: Place, journal: Path, posts: Posts, tmp_path: Path
) -> None:
    with running(place, journal) as server:
        office = posts.first(server.url)
        office.syncs()
        back_up(place, tmp_path / "copy")
        phone = posts.second(server.url)
        phone.syncs()
        phone.device.does(*lots(2, "P"))
        office.device.does(*lots(2))
        phone.syncs()
        office.syncs()
        assert server.stop() == 0
    put_back(place, tmp_path / "copy")
    with running(place, journal) as server:
        for each in (office, phone):
            each.moves_to(server.url)
        with pytest.raises(Recovering):
            phone.syncs()  # it was let in after the backup was made
        with pytest.raises(Recovering) as recovering:
            office.syncs()
        assert recovering.value.returned
        ran(place, "begin-epoch")
        assert not office.syncs().log_reset
        assert not phone.syncs().log_reset
        check(place, office, phone)
        with office.device.store.reading() as snapshot:
            assert snapshot.get(RawLotRow, lot_id("P1")) is not None
        assert server.stop() == 0


def test_several_workers_share_one_plant_and_take_turns(
    place: Place, journal: Path, posts: Posts
) -> None:
    with running_workers(place, journal, 2) as server:
        office = posts.first(server.url)
        office.syncs()
        phone = posts.second(server.url)
        phone.syncs()
        office.device.does(*lots(40))
        phone.device.does(*lots(40, "P"))
        with ThreadPoolExecutor(2) as aside:
            for done in [aside.submit(each.syncs) for each in (office, phone)]:
                done.result(timeout=PATIENCE)
        office.syncs()
        check(place, office, phone)
        assert server.stop() == 0
    check_quiet(journal)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="it looks for the workers in /proc")
@ON_A_FILE
def test_a_worker_that_dies_is_replaced_and_none_outlives_the_program(
    place: Place, journal: Path
) -> None:
    with running_workers(place, journal, 2) as server:
        until(answers(server))
        first = set(children_of(server.process.pid))
        for worker in first:
            os.kill(worker, signal.SIGKILL)
        until(lambda: len(set(children_of(server.process.pid)) - first) >= 2)
        until(answers(server))
        workers = children_of(server.process.pid)
        server.kill()
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def answers(server: Process) -> Callable[[], bool]:
    url = f"{server.url}/healthz"

    def ask() -> bool:
        try:
            return httpx.get(url, verify=NO_TLS, trust_env=False, timeout=PATIENCE).is_success
        except httpx.HTTPError:
            return False

    return ask


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed if b"resource_tracker" not in _command_line(child)]


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
