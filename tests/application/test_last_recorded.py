"""The last step that somebody recorded at a device, but for what was taken back there."""

from uuid import UUID

from attrs import evolve

from manchengo import Manchengo, Role
from manchengo.application.last_recorded import AT_ONCE, id_of_undo, last_recorded
from manchengo.domain.access import Actor
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, UserId
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    an_output,
    blocked,
    completed,
    day,
    kg,
    litres,
    millilitres,
    planned,
    poured,
    received,
    started,
)
from tests.support.given import given, open_dairy, somebody
from tests.support.plant import Plant

LILA = evolve(somebody(Role.ADMIN), user_id=UserId(UUID(int=500)))


def last(dairy: Manchengo, actor: Actor) -> CommitId | None:
    with dairy.reading() as snapshot:
        commit = last_recorded(snapshot, actor)
    return None if commit is None else commit.id


def take_back(dairy: Manchengo, commit: Commit) -> Commit:
    with dairy.reading() as snapshot:
        undo_id = id_of_undo(snapshot, commit.id, commit.device_id)
    undo = dairy.undo_of(commit.id, reason="trop vite", on=day(9))
    return dairy.execute(undo, command_id=undo_id)


def test_what_was_taken_back_is_passed_over() -> None:
    dairy = open_dairy(given(A_DAIRY).dairy.store, actor=LILA)
    assert last(dairy, LILA) is None
    commits = [dairy.execute(received(f"L{number}", litres(5))) for number in range(3)]
    for commit in reversed(commits):
        assert last(dairy, LILA) == commit.id
        take_back(dairy, commit)
    assert last(dairy, LILA) is None


def test_what_was_taken_back_out_of_turn_is_passed_over() -> None:
    dairy = open_dairy(given(A_DAIRY).dairy.store, actor=LILA)
    one, two = (dairy.execute(received(f"L{number}", litres(5))) for number in range(2))
    take_back(dairy, one)
    assert last(dairy, LILA) == two.id


def test_what_was_taken_back_otherwise_is_not_passed_over() -> None:
    dairy = open_dairy(given(A_DAIRY).dairy.store, actor=LILA)
    commit = dairy.execute(received("L1", litres(5)))
    by_hand = dairy.execute(dairy.undo_of(commit.id, reason="trop vite", on=day(9)))
    assert last(dairy, LILA) == by_hand.id


def test_what_others_recorded_is_theirs() -> None:
    boss = given(A_DAIRY).dairy
    dairy = open_dairy(boss.store, actor=LILA)
    commit = dairy.execute(received("L0", litres(5)))
    for number in range(AT_ONCE + 1):
        boss.execute(received(f"M{number}", litres(5)))
    assert last(dairy, LILA) == commit.id


def test_what_was_recorded_at_another_device_is_not_the_last_here() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    (commit,) = office.does(*A_DAIRY, received("L1", litres(5)))[-1:]
    plant.settle()
    phone.does(blocked("L1"))
    plant.settle()
    assert (
        last(office.dairy, evolve(LILA, user_id=commit.user_id, device_id=office.id)) == commit.id
    )


def test_what_the_log_refused_to_take_back_can_be_taken_back_again() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    materials = (received("L1", litres(100)), received("R1", millilitres(100), of=RENNET))
    office.does(A_DAIRY, materials, planned("O1", kg(2)), started("O1"))
    plant.settle()
    (pouring,) = phone.does(poured("O1", "L1", litres(4)))
    plant.settle()
    office.does(completed("O1", an_output("T1", kg(2))))
    refused = take_back(phone.dairy, pouring)
    office.push()
    plant.settle()
    with phone.dairy.reading() as snapshot:
        again = id_of_undo(snapshot, pouring.id, phone.id)
        assert again != refused.id
        assert snapshot.known([refused.id, again]) == {refused.id}
