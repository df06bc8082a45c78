"""The client against the real server, over HTTP on this machine."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from threading import Event, Thread
from uuid import UUID

import pytest
from attrs import define, field

from manchengo import Actor, Commit, Manchengo, MemoryStore, Role
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import DeactivateUser
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import DeviceId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Store
from manchengo_sync import bundle, settings, snapshot, wire
from manchengo_sync.exchange import sync
from manchengo_sync.http import HttpLink, link_of
from manchengo_sync.joining import another_key, join, own_key
from manchengo_sync.link import Link, Unauthorised, Unreachable
from manchengo_sync.outcome import Exchanged
from manchengo_sync.signing import DEVICE_KEY
from manchengo_sync.worker import Worker
from tests.support.dairy import A_DAIRY, litres, received, written_off
from tests.support.given import Step, one_by_one
from tests.support.patience import PATIENCE
from tests.support.server import (
    BOSS,
    DRIVER,
    PLANT,
    a_server,
    as_it_was,
    digest_of,
    log_of,
    register,
    served,
)
from tests.support.stores import STORES


@define
class Device:
    store: Store
    clock: SteppingClock
    ids: CountingIds
    link: HttpLink
    state_cache: StateCache = field(factory=StateCache)

    @property
    def id(self) -> DeviceId:
        return DeviceId(UUID(self.setting(DEVICE)))

    def setting(self, name: str) -> str:
        with self.store.reading() as stored:
            return stored.setting(name) or ""

    def does(self, *steps: Step) -> list[Commit]:
        actor = Actor(user_id=BOSS, device_id=self.id, roles=frozenset({Role.ADMIN}))
        dairy = Manchengo(self.store, clock=self.clock, ids=self.ids, actor=actor)
        return [dairy.execute(step) for step in one_by_one(steps)]

    def syncs(self) -> Exchanged:
        return sync(
            self.store,
            self.link,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=BOSS,
        )

    def starts_from_the_snapshot(self) -> snapshot.Started:
        return snapshot.start(
            self.store,
            self.link,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=BOSS,
        )

    def pending(self) -> list[Commit]:
        with self.store.reading() as stored:
            return [each.commit for each in stored.pending()]


class World:
    """A server on loopback, and devices on as many databases."""

    def __init__(self, resources: ExitStack) -> None:
        # Like every real one; an answer is streamed by several threads, which memory cannot bear.
        kind = "encrypted file" if "encrypted file" in STORES else "memory"
        self.server = a_server(lambda: resources.enter_context(STORES[kind]()))
        self.resources = resources
        self.site = resources.enter_context(served(self.server.service))
        self.devices: list[Device] = []

    @property
    def store(self) -> Store:
        return self.server.service.context.store

    def device(self, store: Store | None = None) -> Device:
        """One that is not let in yet."""
        store = store or MemoryStore()
        ids = CountingIds(1_000_000 * (len(self.devices) + 1))
        with store.writing() as transaction:
            if transaction.setting(DEVICE) is None:
                transaction.set_setting(DEVICE, str(ids.new()))
            device_id = settings.device_id(transaction)
        link = self.resources.enter_context(
            HttpLink(self.site.url, device_id=device_id, user_id=BOSS, private_key=own_key(store))
        )
        made = Device(store, SteppingClock(START_OF_MEMORY), ids, link)
        self.devices.append(made)
        return made

    def first(self, *steps: Step) -> Device:
        first = self.device()
        first.does(register(BOSS, "Amina", Role.ADMIN), register(DRIVER, "Sid", Role.DRIVER))
        first.does(*steps)
        self.let_in(first, self.server.service.first_code().code)
        first.syncs()
        return first

    def another(self, store: Store | None = None) -> Device:
        other = self.device(store)
        code = self.devices[0].link.new_code(wire.CodeRequest(user_id=BOSS)).code
        self.let_in(other, code)
        return other

    def let_in(self, device: Device, code: str) -> None:
        join(device.store, device.link, url=self.site.url, code=code, name="poste", user_id=BOSS)

    def put_back(self, kept: list[LogEntry], *, is_said: bool = True) -> None:
        """The server's database is what it was then; it is started again. ``is_said``: by
        ``restore``, at its terminal.
        """
        self.server.service = as_it_was(self.server.service, kept)
        if is_said:
            self.server.service.begin_new_epoch()
        self.site = self.resources.enter_context(served(self.server.service))
        for each in self.devices:
            key = each.setting(DEVICE_KEY)
            each.link = self.resources.enter_context(
                HttpLink(self.site.url, device_id=each.id, user_id=BOSS, private_key=key)
            )

    def check(self) -> None:
        for _ in range(2):
            for each in self.devices:
                each.syncs()
        assert {digest_of(each.store) for each in self.devices} == {digest_of(self.store)}
        assert not any(each.pending() for each in self.devices)


@pytest.fixture
def world() -> Iterator[World]:
    with ExitStack() as resources:
        yield World(resources)


@pytest.mark.parametrize("kind", STORES)
def test_a_plant_begins_with_one_device_and_goes_on_with_two(world: World, kind: str) -> None:
    office = world.first(*A_DAIRY, received("L1", litres(100)))
    assert office.setting(settings.PLANT) == PLANT
    phone = world.another(world.resources.enter_context(STORES[kind]()))
    phone.syncs()
    assert phone.setting(settings.MARK) != office.setting(settings.MARK)
    (early,) = office.does(written_off("L1", litres(80)))
    (late,) = phone.does(written_off("L1", litres(70)))
    office.syncs()
    done = phone.syncs()
    assert (done.applied.rejected, done.applied.items_opened, done.pending) == (1, 1, 0)
    world.check()
    with office.store.reading() as stored:
        verdicts = [stored.entry(each.id) for each in (early, late)]
    assert [each.verdict for each in verdicts if each] == [Verdict.ACCEPTED, Verdict.REJECTED]


def test_a_new_device_starts_from_the_snapshot(world: World) -> None:
    office = world.first(*A_DAIRY, *[received(f"L{number}", litres(1)) for number in range(300)])
    phone = world.another()
    started = phone.starts_from_the_snapshot()
    assert started.whole, started.why
    office.does(received("L999", litres(9)))
    office.syncs()
    assert phone.syncs().applied.received == 1
    world.check()


def test_a_device_with_a_twin_takes_another_name(world: World) -> None:
    office = world.first(*A_DAIRY)
    copy = world.another()
    copy.syncs()
    former, key = str(office.id), office.setting(DEVICE_KEY)
    with copy.store.writing() as transaction, office.store.reading() as stored:
        for name, value in ((DEVICE, former), (DEVICE_KEY, key), (settings.KNOWN_AS, "")):
            transaction.set_setting(name, value)
        transaction.set_tip(office.id, stored.tip(office.id))
    copy.link = world.resources.enter_context(link_of(copy.store))
    office.does(received("L8", litres(8)))
    office.syncs()
    copy.does(received("L9", litres(9)))
    assert copy.syncs().device_id == copy.id != former
    assert copy.setting(settings.KNOWN_AS) == str(copy.id)
    world.check()


def test_a_withdrawn_device_keeps_its_queue_and_may_come_back(world: World) -> None:
    office = world.first(*A_DAIRY)
    phone = world.another()
    phone.link = world.resources.enter_context(link_of(phone.store))
    phone.syncs()
    office.link.withdraw(phone.id, "perdu")
    (kept,) = phone.does(received("L9", litres(9)))
    with pytest.raises(Unauthorised) as turned_down:
        phone.syncs()
    assert turned_down.value.code == "device_withdrawn"
    assert phone.pending() == [kept]
    world.let_in(phone, office.link.new_code(wire.CodeRequest(user_id=BOSS)).code)
    world.check()
    with office.store.reading() as stored:
        assert stored.entry(kept.id) is not None


def test_a_copy_of_a_withdrawn_device_comes_back_under_a_key_of_its_own(world: World) -> None:
    office = world.first(*A_DAIRY)
    phone = world.another()
    phone.syncs()
    office.link.withdraw(phone.id, "perdu")
    copy = world.device()
    key = phone.setting(DEVICE_KEY)
    with copy.store.writing() as transaction:
        transaction.set_setting(DEVICE_KEY, key)
    world.let_in(copy, office.link.new_code(wire.CodeRequest(user_id=BOSS)).code)
    assert copy.setting(DEVICE_KEY) != key
    copy.link = world.resources.enter_context(link_of(copy.store))
    copy.syncs()
    copy.does(received("L9", litres(9)))
    world.devices.remove(phone)
    world.check()


def test_a_link_left_open_signs_with_the_key_that_the_device_has_by_now(world: World) -> None:
    office = world.first(*A_DAIRY)
    phone = world.another()
    phone.link = world.resources.enter_context(link_of(phone.store))
    phone.syncs()
    office.link.withdraw(phone.id, "perdu")
    another_key(phone.store)
    world.let_in(phone, office.link.new_code(wire.CodeRequest(user_id=BOSS)).code)
    phone.does(received("L9", litres(9)))
    world.check()


def test_a_link_left_open_speaks_for_whoever_works_at_the_device_by_now(world: World) -> None:
    office = world.first(*A_DAIRY)
    van = world.device()
    world.let_in(van, office.link.new_code(wire.CodeRequest(user_id=DRIVER)).code)
    van.link = world.resources.enter_context(link_of(van.store))
    van.syncs()
    office.does(DeactivateUser(user_id=DRIVER))
    office.syncs()
    with pytest.raises(Unauthorised) as turned_down:
        van.syncs()
    assert turned_down.value.code == "user_withdrawn"
    world.let_in(van, office.link.new_code(wire.CodeRequest(user_id=BOSS)).code)
    world.check()


def test_a_wrong_code_lets_nobody_in(world: World) -> None:
    world.first(*A_DAIRY)
    stranger = world.device()
    with pytest.raises(Unauthorised) as turned_down:
        world.let_in(stranger, "AAAA-BBBB-CCCC")
    assert turned_down.value.code == "code_refused"
    with pytest.raises(Unauthorised):
        stranger.syncs()
    world.devices.remove(stranger)


def test_a_server_put_back_from_a_backup_is_given_what_it_lacks(world: World) -> None:
    office = world.first(*A_DAIRY)
    phone = world.another()
    world.check()
    kept = log_of(world.server.service)
    phone.does(received("L7", litres(7)))
    office.does(received("L8", litres(8)))
    world.check()
    world.put_back(kept)
    done = office.syncs()
    assert (done.log_reset, done.is_unannounced) == (True, False)
    world.check()
    since = [each.commit for each in log_of(world.server.service)[len(kept) :]]
    of_people = [each for each in since if each.device_id in (office.id, phone.id)]
    assert [each.command_type for each in of_people] == ["lot.receive"] * 2


@pytest.mark.parametrize("others_were_first", [False, True], ids=["ahead", "another log"])
def test_a_server_put_back_without_a_word_is_given_what_it_lacks_and_named(
    world: World, others_were_first: bool
) -> None:
    office, phone = world.first(*A_DAIRY), world.another()
    world.check()
    epoch = office.setting(settings.LOG_EPOCH)
    kept = log_of(world.server.service)
    phone.does(received("L7", litres(7)))
    office.does(received("L8", litres(8)))
    phone.syncs()
    office.syncs()
    if others_were_first:
        phone.does(received("L9", litres(9)), received("L10", litres(10)))
    world.put_back(kept, is_said=False)
    if others_were_first:
        assert phone.syncs().is_unannounced
    done = office.syncs()
    assert (done.log_reset, done.is_unannounced) == (True, True)
    world.check()
    with world.store.reading() as stored:
        assert stored.cursor() == len(kept) + (4 if others_were_first else 2)
    assert office.setting(settings.LOG_EPOCH) == epoch, "a new one is an operator's word"


def test_files_do_where_there_is_no_network(world: World) -> None:
    office = world.first(*A_DAIRY)
    phone = world.another()
    service = world.server.service
    phone.syncs()
    for number, device in enumerate((office, phone, office)):
        device.does(received(f"L{number}", litres(1)))
        question = bundle.open_request(
            bundle.export_bundle(device.store, clock=device.clock, state_cache=device.state_cache),
            server_key=service.plant.bundle_key,
            keys_of=lambda asked: [
                row.public_key for row in service.devices() if row.id == asked.known_as
            ],
        )
        reply = bundle.Reply(
            known_as=question.device_id,
            mark=device.setting(settings.MARK),
            responses=bundle.answered(question, partial(service.push, by=question.device_id)),
        )
        bundle.import_answer(
            device.store,
            bundle.seal_answer(
                reply, server_key=service.plant.bundle_key, answer_key=question.answer_key
            ),
            clock=device.clock,
            ids=device.ids,
            state_cache=device.state_cache,
            user_id=BOSS,
        )
        assert device.pending() == []
    world.check()


def test_a_server_that_is_gone_is_unreachable() -> None:
    with ExitStack() as resources:
        world = World(resources)
        office = world.first(*A_DAIRY)
    link = HttpLink(
        world.site.url,
        device_id=office.id,
        user_id=BOSS,
        private_key=office.setting(DEVICE_KEY),
    )
    office.link = link
    (kept,) = office.does(received("L1", litres(1)))
    with link, pytest.raises(Unreachable):
        office.syncs()
    assert office.pending() == [kept]


def test_what_one_records_the_other_hears_of_at_once(world: World) -> None:
    office = world.first(*A_DAIRY)
    phone = world.another()
    stop, heard = Event(), Event()
    workers = []
    wanted: list[Commit] = []

    def notice(_: Exchanged) -> None:
        with phone.store.reading() as stored:
            if wanted and stored.entry(wanted[0].id) is not None:
                heard.set()

    ready = [Event(), Event()]
    for number, device in enumerate((office, phone)):
        work = Worker(
            store=device.store,
            link=Listening(device.link, ready[number]),
            clock=device.clock,
            ids=device.ids,
            user_id=BOSS,
            on_exchange=notice if device is phone else lambda _: None,
        )
        workers.append(Thread(target=work.run, args=(stop,)))
        workers[-1].start()
    for each in ready:
        assert each.wait(PATIENCE)
    wanted += office.does(received("L1", litres(1)))
    assert heard.wait(PATIENCE)
    stop.set()
    for thread in workers:
        thread.join(PATIENCE)
        assert not thread.is_alive()


@define
class Listening(Link):
    """Says when the long question is about to be asked."""

    link: HttpLink
    ready: Event

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        if request.wait:
            self.ready.set()
        return self.link.push(request)

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        return self.link.renew(request)
