"""A new device and the server's snapshot; and how a device joins."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

import pytest
from attrs import evolve, frozen

from manchengo import Actor, Manchengo, Role
from manchengo.domain.genesis import fingerprint
from manchengo_sync import settings, snapshot, wire
from manchengo_sync.apply_entries import MOST_ENTRIES
from manchengo_sync.http import link_of
from manchengo_sync.joining import join, own_key
from manchengo_sync.link import AnotherPlant, Unreachable
from manchengo_sync.settings import NotJoined
from manchengo_sync.signing import DEVICE_KEY, public_key
from manchengo_sync.snapshot import Started, start
from tests.support.dairy import A_DAIRY, litres, received, written_off
from tests.support.founding import a_genesis
from tests.support.signers import signer_of
from tests.sync.plant import BOSS, Device, Plant, Server, Watched, digest


def file_of(server: Server, **other: object) -> bytes:
    header = wire.SnapshotHeader(
        global_seq=len(server.log()),
        schema=wire.schema_max(),
        digest=digest(server.store),
        log_epoch=server.epoch,
    )
    lines = [wire.encode(each) for each in (evolve(header, **other), *server.log())]  # type: ignore[arg-type]  # by name
    return gzip.compress(b"\n".join(lines) + b"\n")


@frozen
class SnapshotSource:
    pieces: Callable[[], Iterable[bytes]]

    @contextmanager
    def _opened(self) -> Iterator[Iterator[bytes]]:
        yield iter(self.pieces())

    def snapshot(self) -> AbstractContextManager[Iterator[bytes]]:
        return self._opened()


def starts(device: Device, file: bytes, *, piece: int = 1_000) -> Started:
    def pieces() -> Iterator[bytes]:
        for at in range(0, len(file), piece):
            yield file[at : at + piece]

    return starts_from(device, SnapshotSource(pieces))


def starts_from(device: Device, shelf: SnapshotSource) -> Started:
    return start(
        device.store,
        shelf,
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=BOSS,
    )


def a_plant(lots: int = 3) -> Plant:
    plant = Plant()
    office = plant.device()
    office.does(*A_DAIRY, *[received(f"L{number}", litres(1)) for number in range(lots)])
    office.does(written_off("L0", litres(1)))
    plant.settle()
    return plant


@pytest.mark.parametrize("piece", [1, 17, 1_000_000])
def test_a_new_device_starts_from_the_snapshot_and_goes_on(piece: int) -> None:
    plant = a_plant()
    phone = plant.device()
    started = starts(phone, file_of(plant.server), piece=piece)
    assert (started.whole, started.applied.received) == (True, len(plant.server.log()))
    plant.check()
    phone.does(received("L9", litres(9)))
    plant.settle()
    assert all(request.cursor for request in plant.server.asked[-2:])


def test_a_device_that_has_but_heard_of_another_log_starts_from_the_one_there_is() -> None:
    plant = a_plant()
    new = plant.device()
    new.set(settings.LOG_EPOCH, "another")
    started = starts(new, file_of(plant.server))
    assert started.whole, started.why
    plant.settle()
    plant.check()


def test_it_is_taken_in_by_portions() -> None:
    plant = a_plant(lots=2 * MOST_ENTRIES)
    phone = plant.device()
    phone.store = watched = Watched(phone.store)
    starts(phone, file_of(plant.server))
    assert max(watched.portions) == MOST_ENTRIES
    assert sum(watched.portions) == len(plant.server.log())


def test_where_something_is_here_already_nothing_is_asked_for() -> None:
    plant = a_plant()
    phone = plant.device()
    phone.does(A_DAIRY[0])

    def nobody_asks() -> Iterable[bytes]:
        raise AssertionError("asked")

    assert not starts_from(phone, SnapshotSource(nobody_asks)).whole
    plant.settle()


def damaged(file: bytes) -> dict[str, bytes]:
    lines = gzip.decompress(file).splitlines(keepends=True)
    swapped = [*lines[:5], lines[6], lines[5], *lines[7:]]
    return {
        "cut": file[: len(file) * 3 // 4],
        "not packed": gzip.decompress(file),
        "nothing": b"",
        "no header": gzip.compress(b"{}\n" + b"".join(lines[1:])),
        "an entry missing": gzip.compress(b"".join(lines[:5] + lines[6:])),
        "two entries swapped": gzip.compress(b"".join(swapped)),
        "an entry changed": gzip.compress(b"".join(lines).replace(b"accepted", b"rejected", 3)),
        "an entry that is none": gzip.compress(b"".join([*lines[:5], b"{}\n", *lines[5:]])),
        "the last missing": gzip.compress(b"".join(lines[:-1])),
    }


@pytest.mark.parametrize("what", damaged(gzip.compress(b"line\n" * 9)))
def test_whatever_is_wrong_with_it_the_rest_is_pulled(what: str) -> None:
    plant = a_plant()
    phone = plant.device()
    started = starts(phone, damaged(file_of(plant.server))[what])
    assert not started.whole
    assert started.why
    plant.settle()


def test_a_network_that_fails_in_the_middle_leaves_what_came() -> None:
    plant = a_plant(lots=2 * MOST_ENTRIES)
    phone = plant.device()
    file = file_of(plant.server)

    def failing() -> Iterator[bytes]:
        yield file[: len(file) * 3 // 4]
        raise Unreachable

    started = starts_from(phone, SnapshotSource(failing))
    assert (started.whole, started.applied.received) == (False, MOST_ENTRIES)
    plant.settle()


def test_view_rows_that_are_not_the_server_s_are_said() -> None:
    plant = a_plant()
    phone = plant.device()
    assert starts(phone, file_of(plant.server, digest="another")).why
    plant.check()


def test_a_server_that_reads_more_events_may_have_other_rows() -> None:
    plant = a_plant()
    phone = plant.device()
    newer = {**wire.schema_max(), "lot.sung_to": 1}
    assert starts(phone, file_of(plant.server, digest="another", schema=newer)).whole


def test_a_line_without_end_is_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LONGEST_LINE", 10_000)
    phone = Plant().device()
    assert not starts(phone, gzip.compress(b"x" * 100_000_000)).whole


# ---------------------------------------------------------------- joining


@frozen
class EnrolmentLink:
    welcome: wire.EnrolResponse
    asked: list[wire.EnrolRequest]

    def enrol(self, request: wire.EnrolRequest) -> wire.EnrolResponse:
        self.asked.append(request)
        return self.welcome


WELCOME = wire.EnrolResponse(
    plant_id=UUID(int=1),
    plant="La laiterie",
    mark="B",
    user_id=BOSS,
    log_epoch="first",
    server_key="00" * 32,
)


def test_who_joins_makes_a_key_and_keeps_what_it_must_know() -> None:
    phone = Plant().device()
    phone.set(DEVICE_KEY, "")
    door = EnrolmentLink(WELCOME, [])
    join(phone.store, door, url="https://laiterie.example", code="AB", name="Atelier")
    (asked,) = door.asked
    assert asked.public_key == public_key(phone.setting(DEVICE_KEY) or "")
    assert (asked.device_id, asked.code, asked.name) == (phone.id, "AB", "Atelier")
    assert phone.setting(settings.PLANT) == "La laiterie"
    assert phone.setting(settings.MARK) == "B"
    with link_of(phone.store) as link:
        assert link.device_id == phone.id


def test_the_key_stays_when_the_answer_was_lost() -> None:
    phone = Plant().device()
    assert own_key(phone.store) == own_key(phone.store) == phone.setting(DEVICE_KEY)


def test_the_history_of_one_plant_is_not_taken_to_another() -> None:
    plant = a_plant()
    office = plant.devices[0]
    join(
        office.store,
        EnrolmentLink(evolve(WELCOME, plant_id=UUID(int=1)), []),
        url="",
        code="",
        name="",
    )
    with pytest.raises(AnotherPlant):
        join(
            office.store,
            EnrolmentLink(evolve(WELCOME, plant_id=UUID(int=2)), []),
            url="",
            code="",
            name="",
        )
    assert office.setting(settings.PLANT_ID) == str(UUID(int=1))


def joins_as(device: Device, answered: UUID, plant_id: UUID | None = None) -> wire.EnrolRequest:
    """What the device asks of a server that answers with that plant."""
    door = EnrolmentLink(evolve(WELCOME, plant_id=answered), [])
    try:
        join(device.store, door, url="", code="", name="", plant_id=plant_id)
    finally:
        (asked,) = door.asked
    return asked


def test_a_code_for_one_plant_opens_no_other() -> None:
    """The server reads which, and says so before the code is used; the device looks as well."""
    phone = Plant().device()
    with pytest.raises(AnotherPlant):
        joins_as(phone, UUID(int=2), plant_id=UUID(int=1))
    assert phone.setting(settings.PLANT_ID) is None
    assert joins_as(phone, UUID(int=1), plant_id=UUID(int=1)).plant_id == UUID(int=1)


def test_who_founded_a_plant_joins_no_other() -> None:
    office = Plant().device()
    signer = signer_of("Amina")
    genesis = a_genesis(office.id, founder_id=BOSS, signer=signer)
    actor = Actor(user_id=BOSS, device_id=office.id, roles=frozenset({Role.ADMIN}))
    Manchengo(office.store, clock=office.clock, ids=office.ids, actor=actor, signer=signer).execute(
        genesis
    )
    with pytest.raises(AnotherPlant):
        joins_as(office, UUID(int=2))
    door = EnrolmentLink(WELCOME, [])
    with pytest.raises(AnotherPlant):
        join(office.store, door, url="", code="", name="", plant_id=UUID(int=2))
    assert not door.asked
    assert office.setting(settings.PLANT_ID) == str(fingerprint(genesis))
    assert joins_as(office, fingerprint(genesis)).plant_id == fingerprint(genesis)


def test_who_joined_nothing_has_nobody_to_ask() -> None:
    with pytest.raises(NotJoined):
        link_of(Plant().device().store)
