"""Answers from memory are those of the storage, to the byte, whoever else writes to it."""

import pytest
from attrs import evolve

from manchengo.domain.commit import LogEntry
from manchengo_server import entry_cache
from manchengo_server.entry_cache import EntryCache
from manchengo_server.service import Service
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Device, Server, a_server


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    device = server.first_device(A_DAIRY)
    device.does(*[received(f"L{number}", litres(5)) for number in range(6)])
    device.syncs()
    return device


def kept(server: Server) -> EntryCache:
    return server.service.context.entry_cache


def stored(server: Server) -> list[LogEntry]:
    with server.service.context.store.reading() as snapshot:
        return list(snapshot.entries())


def answered(server: Server, known: EntryCache, after: int, limit: int = 1_000) -> list[LogEntry]:
    with server.service.context.store.reading() as snapshot:
        return list(known.entries(snapshot, after=after, limit=limit))


def from_memory(server: Server, known: EntryCache, after: int) -> list[LogEntry] | None:
    with server.service.context.store.reading() as snapshot:
        return known._behind(after, snapshot.log_hash(), 1_000)


def test_what_came_in_last_is_answered_from_memory(server: Server, office: Device) -> None:
    entries = stored(server)
    for after in range(len(entries) - 6, len(entries) + 1):
        assert from_memory(server, kept(server), after) == entries[after:]
        assert answered(server, kept(server), after, limit=2) == entries[after : after + 2]


def test_what_came_before_is_read_from_the_storage(server: Server, office: Device) -> None:
    another = EntryCache()
    another.add(stored(server)[3:])
    assert from_memory(server, another, 2) is None
    assert answered(server, another, 2) == stored(server)[2:]
    assert answered(server, another, 3) == stored(server)[3:]


def test_what_another_process_wrote_is_not_missed(server: Server, office: Device) -> None:
    beside = Service.open(
        server.service.context.store,
        clock=server.clock,
        ids=server.service.context.ids,
    )
    office.does(received("M1", litres(5)))
    beside.push(office.request(), by=office.id)
    assert answered(server, kept(server), 0) == stored(server)
    office.syncs()
    office.does(received("M2", litres(5)))
    office.syncs()
    assert answered(server, kept(server), 0) == stored(server)
    assert from_memory(server, kept(server), len(stored(server)) - 1) == stored(server)[-1:]


def test_what_was_not_stored_after_all_is_never_answered(server: Server, office: Device) -> None:
    (*_, last) = stored(server)
    phantom = evolve(last, global_seq=last.global_seq + 1, hash=bytes(32))
    kept(server).add([phantom])
    assert answered(server, kept(server), 0) == stored(server)
    office.does(received("M1", litres(5)))
    office.syncs()
    assert from_memory(server, kept(server), len(stored(server)) - 1) == stored(server)[-1:]


def test_little_is_kept(server: Server, office: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = stored(server)
    monkeypatch.setattr(entry_cache, "MOST_KEPT", 3)
    few = EntryCache()
    few.add(entries)
    assert few._behind(len(entries) - 3, entries[-1].hash, 10) == entries[-3:]
    assert few._behind(len(entries) - 4, entries[-1].hash, 10) is None
    monkeypatch.setattr(entry_cache, "HEAVIEST", 1)
    nothing = EntryCache()
    nothing.add(entries)
    assert nothing._behind(len(entries), entries[-1].hash, 10) is None
