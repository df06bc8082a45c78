"""A commit whose bytes are nested very deeply, which one program could read and another could not.

How deeply a reader may go depends on who called it. So the depth has a bound of its own, and such a
commit stops no device.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.commands import RequireSigning
from manchengo.domain.commit import Commit, Verdict
from manchengo.domain.ids import UserId
from manchengo.nesting import MOST_NESTED
from manchengo.ports.rows import RawLotRow, ResolutionItemRow
from manchengo_sync.signing import sign
from tests.attacks.lying import Plant, a_plant
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import DRIVER, Device

pytestmark = pytest.mark.usefixtures("on_each_database")

DEPTHS = [MOST_NESTED + 1, 400, 100_000]
"""Just beyond the bound; what a reader far from its limit reads; what nobody reads."""


def nested(content: bytes, depth: int) -> bytes:
    """The same, with something in it that no program knows."""
    unknown = b'"zz":' + b'{"a":' * (depth - 1) + b"1" + b"}" * (depth - 1)
    return content[:-1] + (b"," if content != b"{}" else b"") + unknown + b"}"


def in_the_command(commit: Commit, depth: int) -> Commit:
    return evolve(commit, command=nested(commit.command, depth))


def in_the_event(commit: Commit, depth: int) -> Commit:
    (event,) = commit.events
    return evolve(commit, events=(evolve(event, payload=nested(event.payload, depth)),))


def in_an_enrolment(commit: Commit, depth: int) -> Commit:
    """As which device it would be let in is looked for before anybody judges it."""
    (event,) = commit.events
    return evolve(
        commit,
        events=(
            evolve(
                event,
                event_type="device.enrolled",
                aggregate_type="device",
                payload=nested(b"{}", depth),
            ),
        ),
    )


def in_what_says_who_signs(commit: Commit, depth: int) -> Commit:
    name = codec.commands.name(RequireSigning())
    return evolve(
        commit, command_type=name, command_version=1, command=nested(b"{}", depth), events=()
    )


PLACES = [in_the_command, in_the_event, in_an_enrolment, in_what_says_who_signs]


def hands_in(device: Device, commit: Commit) -> Verdict:
    sealed = codec.sealed(commit)
    (offered,) = device.offered()
    offer = evolve(offered, commit=sealed, signature=sign(device.key, sealed.hash))
    answer = device.service.push(evolve(device.request(), commits=(offer,)), by=device.id)
    assert answer.push_error is None
    return next(each.verdict for each in reversed(answer.new) if each.commit.id == commit.id)


@pytest.fixture
def plant() -> Plant:
    plant = a_plant(*A_DAIRY)
    plant.reader.syncs()
    return plant


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("place", PLACES)
def test_it_waits_for_people_and_everybody_reads_on(
    plant: Plant, place: Callable[[Commit, int], Commit], depth: int
) -> None:
    office = plant.office
    (commit,) = office.does(received("L1", litres(1)))
    assert hands_in(office, place(commit, depth)) is Verdict.PARKED
    other = plant.server.another_device()
    other.does(received("L2", litres(2)))
    other.syncs()
    assert plant.reader.syncs().broken_off is None
    with plant.reader.store.reading() as snapshot:
        assert {row.code for row in snapshot.rows(RawLotRow)} == {"L2"}
        (item,) = snapshot.rows(ResolutionItemRow)
    assert item.commit_id == commit.id
    assert plant.reader.verify().sound


@pytest.mark.parametrize("place", PLACES)
def test_of_somebody_without_a_right_it_is_refused(
    plant: Plant, place: Callable[[Commit, int], Commit]
) -> None:
    """Parked, it could hold others up."""
    stranger = plant.server.another_device(user_id=DRIVER)
    (commit,) = stranger.does(received("L1", litres(1)))
    unknown = evolve(commit, user_id=UserId(UUID(int=99)))
    assert hands_in(stranger, place(unknown, 400)) is Verdict.REJECTED


def test_what_is_nested_as_deeply_as_may_be_is_read(plant: Plant) -> None:
    (commit,) = plant.office.does(received("L1", litres(1)))
    payload = nested(commit.command, MOST_NESTED - 1)
    name, version = commit.command_type, commit.command_version
    assert codec.commands.decode(name, version, payload) == received("L1", litres(1))
    text = nested(commit.command, 2).replace(b'"a"', b'"' + b"[{" * 500 + b'"')
    assert codec.commands.decode(name, version, text) == received("L1", litres(1))
