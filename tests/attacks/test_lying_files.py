"""What a lying server carries in files, and in the snapshot with which a device begins."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

import pytest
from attrs import define, evolve

from manchengo_server import bundles
from manchengo_server.plant import SIGNING_KEY
from manchengo_sync import settings, wire
from manchengo_sync.bundle import Reply, seal_answer
from manchengo_sync.link import LinkError
from manchengo_sync.sealing import BundleError
from manchengo_sync.server_word import signed_word
from manchengo_sync.wire import NotUnderstood
from tests.attacks.lying import Plant, Straight, a_plant_that_signs
from tests.attacks.test_server_key_replaced import pinned, replaced
from tests.support.dairy import A_DAIRY, litres, received, written_off

pytestmark = pytest.mark.usefixtures("on_each_database")


@pytest.fixture
def plant() -> Plant:
    """The reader has read the beginning, and lacks some entries."""
    plant = a_plant_that_signs(*A_DAIRY, received("L1", litres(100)))
    plant.reader.syncs()
    plant.office.does(*[received(f"L{number}", litres(1)) for number in range(2, 9)])
    plant.office.syncs()
    return plant


def signing_key(plant: Plant) -> str:
    with plant.server.service.context.reading() as snapshot:
        return snapshot.setting(SIGNING_KEY) or ""


Twist = Callable[[Plant, wire.PushResponse], wire.PushResponse]


def answered(plant: Plant, monkeypatch: pytest.MonkeyPatch, twist: Twist) -> bytes:
    """The answer in a file, sealed with the server's own key: only what is in it is otherwise."""

    def sealed(reply: Reply, *, server_key: str, answer_key: str) -> bytes:
        twisted = tuple(twist(plant, each) for each in reply.responses)
        otherwise = evolve(reply, responses=twisted)
        return seal_answer(otherwise, server_key=server_key, answer_key=answer_key)

    with monkeypatch.context() as patch:
        patch.setattr(bundles, "seal_answer", sealed)
        return bundles.answer(plant.server.service, plant.reader.asks_by_file()).sealed


def says(plant: Plant, answer: wire.PushResponse, **otherwise: Any) -> wire.PushResponse:
    """The same answer, with the end of the log signed otherwise."""
    assert answer.word is not None
    word = evolve(answer.word, **otherwise)
    again = signed_word(
        signing_key(plant),
        plant_id=word.plant_id,
        log_epoch=word.log_epoch,
        global_seq=word.global_seq,
        log_hash=word.log_hash,
        nonce=word.nonce,
    )
    return evolve(answer, word=again, log_epoch=word.log_epoch)


def one_left_out(_plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    return evolve(answer, new=(*answer.new[:3], *answer.new[4:]))


def the_first_left_out(_plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    return evolve(answer, new=answer.new[1:])


def two_exchanged(_plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    first, second, third, fourth, *others = answer.new
    return evolve(answer, new=(first, second, fourth, third, *others))


def one_twice(_plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    return evolve(answer, new=(*answer.new[:3], answer.new[2], *answer.new[3:]))


def renumbered(_plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    """One is left out, and those behind it close the gap."""
    behind = [evolve(each, global_seq=each.global_seq - 1) for each in answer.new[4:]]
    return evolve(answer, new=(*answer.new[:3], *behind))


def of_another_plant(plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    return says(plant, answer, plant_id=UUID(int=42))


def of_another_epoch(plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    return evolve(answer, log_epoch="before")


def another_end(plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
    """At the place up to which the reader holds the log."""
    return says(plant, answer, global_seq=plant.reader.place, log_hash=bytes(32))


TWISTS = [
    *(one_left_out, the_first_left_out, two_exchanged, renumbered),
    *(of_another_plant, of_another_epoch, another_end),
]


@pytest.mark.parametrize("twist", TWISTS)
def test_of_a_file_nothing_is_taken_in_but_the_log_as_it_is(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, twist: Twist
) -> None:
    """What came in before the fault is the log's own beginning; the rest comes another day."""
    lie = answered(plant, monkeypatch, twist)
    with pytest.raises((BundleError, LinkError)):
        plant.reader.reads_file(lie)
    with plant.reader.store.reading() as snapshot:
        held = list(snapshot.entries())
    assert held == plant.log()[: len(held)]
    assert plant.reader.verify().sound
    honest = answered(plant, monkeypatch, lambda _plant, answer: answer)
    plant.reader.reads_file(honest)
    assert plant.reader.place == len(plant.log())


def test_what_comes_twice_in_a_file_is_taken_in_once(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.reader.reads_file(answered(plant, monkeypatch, one_twice))
    with plant.reader.store.reading() as snapshot:
        assert list(snapshot.entries()) == plant.log()
    assert plant.reader.verify().sound


def test_under_a_key_that_was_replaced_no_file_is_believed(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stole the former one answers a device that knows of the other."""
    stolen = signing_key(plant)
    replaced(plant)
    plant.reader.syncs()
    known = pinned(plant)
    plant.office.does(written_off("L1", litres(1)))
    plant.office.syncs()

    def by_the_thief(_plant: Plant, answer: wire.PushResponse) -> wire.PushResponse:
        assert answer.word is not None
        word = answer.word
        signed = signed_word(
            stolen,
            plant_id=word.plant_id,
            log_epoch=word.log_epoch,
            global_seq=word.global_seq,
            log_hash=word.log_hash,
            nonce=word.nonce,
        )
        return evolve(answer, word=signed)

    place = plant.reader.place
    with pytest.raises(LinkError):
        plant.reader.reads_file(answered(plant, monkeypatch, by_the_thief))
    assert (plant.reader.place, pinned(plant)) == (place, known)


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize("content", [b"[" * 1_000_000, b'{"a":' * 100_000, b""])
def test_what_is_nested_without_end_is_no_message(content: bytes) -> None:
    for kind in (Reply, wire.PushRequest, wire.PushResponse, wire.SnapshotHeader):
        with pytest.raises(NotUnderstood):
            wire.decode(content, kind)


# ---------------------------------------------------------------- snapshots


@define
class Beginning(Straight):
    """``twist``: what becomes of the lines of the server's snapshot."""

    twist: Callable[[list[bytes]], list[bytes]] = lambda lines: lines

    def snapshot(self) -> AbstractContextManager[Iterator[bytes]]:
        packed = b"".join(self.service.snapshot())
        lines = gzip.decompress(packed).splitlines(keepends=True)
        return nullcontext(iter([gzip.compress(b"".join(self.twist(lines)))]))


def with_header(**otherwise: Any) -> Callable[[list[bytes]], list[bytes]]:
    def twist(lines: list[bytes]) -> list[bytes]:
        header = wire.decode(lines[0], wire.SnapshotHeader)
        return [wire.encode(evolve(header, **otherwise)) + b"\n", *lines[1:]]

    return twist


def nested_line(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], b'{"a":' * 100_000 + b"\n", *lines[4:]]


def cut_short(lines: list[bytes]) -> list[bytes]:
    """As it was some time ago, and said to be whole."""
    header = evolve(wire.decode(lines[0], wire.SnapshotHeader), global_seq=3)
    return [wire.encode(header) + b"\n", *lines[1:4]]


@pytest.mark.parametrize(
    "twist",
    [
        with_header(global_seq=1_000_000),
        with_header(digest="0" * 64),
        nested_line,
        cut_short,
    ],
    ids=["another end", "other view rows", "a nested line", "an old one"],
)
def test_a_device_that_began_from_a_snapshot_that_lies_has_the_log_all_the_same(
    twist: Callable[[list[bytes]], list[bytes]],
) -> None:
    plant = a_plant_that_signs(*A_DAIRY, received("L1", litres(100)))
    plant.reader.link = Beginning(plant.server.service, twist=twist)
    assert not plant.reader.starts().whole
    has_the_log(plant)


def test_an_epoch_that_a_snapshot_invents_is_left_at_the_first_exchange() -> None:
    """Nothing but the word of an exchange says which log it is."""
    plant = a_plant_that_signs(*A_DAIRY, received("L1", litres(100)))
    twist = with_header(log_epoch="from nowhere")
    plant.reader.link = Beginning(plant.server.service, twist=twist)
    plant.reader.starts()
    has_the_log(plant)


def has_the_log(plant: Plant) -> None:
    """After it has exchanged."""
    assert plant.reader.syncs().broken_off is None
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound
    with plant.reader.store.reading() as snapshot:
        epoch = snapshot.setting(settings.LOG_EPOCH)
    assert epoch == plant.server.service.plant.epochs.present
