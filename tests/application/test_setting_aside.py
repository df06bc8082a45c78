"""An administrator sets aside what nobody can read: it holds nothing up, and is lost no more."""

import pytest

from manchengo.application.replication import server_log
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.application.replication.server_log import judge_parked_again
from manchengo.commands import RegisterUser, SetAsideParked, TakeUpParked
from manchengo.domain.access import NotPermitted, Permission, Role
from manchengo.domain.commit import Commit, Verdict
from manchengo.domain.errors import ReasonMissing, WrongState
from manchengo.domain.resolution import SET_ASIDE, NotParked, Way, item_id_of
from manchengo.ports.rows import ClaimRow
from tests.application.test_authors import of_a_newer_program, sent, unknown_to_this_program
from tests.application.test_resolution import (
    agreed,
    an_older_program,
    both_pour_the_same_lot,
    held,
    items,
    plant,
    resolving,
    verdict_of,
)
from tests.support.dairy import day, litres, poured, started, written_off
from tests.support.given import somebody
from tests.support.people import KARIM, plant_of_two
from tests.support.plant import Plant

__all__ = ["plant"]

WHO_DECIDES = (Role.SUPPLY, Role.PRODUCTION, Role.SALES, Role.ACCOUNTANT, Role.DRIVER)


def aside(commit: Commit, *, reason: str = "téléphone inconnu") -> SetAsideParked:
    return SetAsideParked(item_id=item_id_of(commit.id), reason=reason, on=day(1))


def up(commit: Commit) -> TakeUpParked:
    return TakeUpParked(item_id=item_id_of(commit.id), reason="à jour", on=day(1))


def parked(plant: Plant) -> Commit:
    """The start of O2 on the phone, which the server cannot read; all have heard of it."""
    _, phone = plant.devices
    (start,) = phone.does(started("O2", on=day(1)))
    with an_older_program(lacking="production_order.started"):
        phone.push()
    plant.settle()
    return start


def test_what_is_set_aside_holds_nothing_up_and_stays_to_be_seen(plant: Plant) -> None:
    office, phone = plant.devices
    start = parked(plant)
    (spilt,) = office.does(written_off("L1", litres(5), on=day(1)))
    office.push()
    assert verdict_of(plant, spilt) == (Verdict.PARKED, "BuiltOnParked")
    office.does(aside(start))
    agreed(plant)
    assert verdict_of(plant, spilt) == (Verdict.ACCEPTED, "")
    assert verdict_of(plant, start) == (Verdict.PARKED, "UnknownEvent")
    for device in (office, phone):
        item = next(each for each in items(device) if each.commit_id == start.id)
        assert (item.status, item.closed_by, item.reason) == (
            "closed",
            SET_ASIDE,
            "téléphone inconnu",
        )
        with device.store.reading() as snapshot:
            assert snapshot.commit(start.id) == start
            assert not any(claim.open for claim in snapshot.rows(ClaimRow, item_id=item.id))


def test_what_was_built_on_it_is_judged_at_once(plant: Plant) -> None:
    office, phone = plant.devices
    start, pour = phone.does(started("O2", on=day(1)), poured("O2", "L1", litres(80), on=day(1)))
    with an_older_program(lacking="production_order.started"):
        phone.push()
    assert verdict_of(plant, pour) == (Verdict.PARKED, "BuiltOnParked")
    plant.settle()
    office.does(aside(start))
    agreed(plant)
    assert verdict_of(plant, pour)[0] is Verdict.REJECTED  # the order was never started


def test_nobody_judges_it_before_it_is_taken_up_again(plant: Plant) -> None:
    office, _ = plant.devices
    start = parked(plant)
    office.does(aside(start))
    agreed(plant)
    with plant.store.writing() as transaction:
        assert judge_parked_again(transaction, state_cache=plant.state_cache) == []
    office.does(up(start))
    agreed(plant)
    assert verdict_of(plant, start) == (Verdict.ACCEPTED, "")
    assert [item.closed_by for item in items(office)] == ["judged"]
    assert held(office, "L1") == 100_000


def test_a_server_that_judges_it_all_the_same_is_not_believed(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, _ = plant.devices
    start = parked(plant)
    office.does(aside(start))
    plant.settle()
    with plant.store.writing() as transaction:
        entry = transaction.entry(start.id)
        monkeypatch.setattr(server_log, "_parked", lambda _: [entry])
        assert len(judge_parked_again(transaction, state_cache=plant.state_cache)) == 1
    with pytest.raises(ForgedEntry):
        office.pull()


def test_set_aside_by_two_it_is_set_aside_once(plant: Plant) -> None:
    office, phone = plant.devices
    start = parked(plant)
    office.does(aside(start))
    (second,) = phone.does(aside(start, reason="le même"))
    agreed(plant)
    assert verdict_of(plant, second) == (Verdict.ACCEPTED, "")
    assert [item.reason for item in items(phone)] == ["téléphone inconnu"]


def test_of_two_decisions_apart_the_first_counts(plant: Plant) -> None:
    office, phone = plant.devices
    start = parked(plant)
    office.does(resolving(start, Way.VOID))
    (second,) = phone.does(aside(start))
    agreed(plant)
    assert verdict_of(plant, second) == (Verdict.REJECTED, "WrongState")
    closed = {item.commit_id: item.closed_by for item in items(office)}
    assert closed == {start.id: Way.VOID, second.id: ""}


def test_only_what_cannot_be_read_is_set_aside(plant: Plant) -> None:
    office, _ = plant.devices
    refused = both_pour_the_same_lot(plant)
    with pytest.raises(NotParked):
        office.does(aside(refused))
    with pytest.raises(WrongState):
        office.does(up(refused))


def test_it_is_said_why(plant: Plant) -> None:
    start = parked(plant)
    with pytest.raises(ReasonMissing):
        plant.devices[0].does(aside(start, reason=" "))


@pytest.mark.parametrize("role", WHO_DECIDES)
def test_it_is_an_administrators_to_decide(plant: Plant, role: Role) -> None:
    office, _ = plant.devices
    start = parked(plant)
    karim = RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({role}))
    office.does(karim)
    his = office.acting_as(somebody(role))
    for command in (aside(start), up(start)):
        with pytest.raises(NotPermitted) as refused:
            his.execute(command)
        assert refused.value.permission is Permission.SET_ASIDE


def test_what_names_its_own_item_is_set_aside_all_the_same() -> None:
    """The id of the item follows from that of the commit, so its author knows it."""
    plant = plant_of_two()
    office, phone = plant.devices
    unread = of_a_newer_program(phone, KARIM, KARIM)
    own_item = item_id_of(unread.id)
    entry = sent(plant, phone, unknown_to_this_program(unread, own_item, kind="resolution"))
    assert entry.verdict is Verdict.PARKED
    office.pull()
    (decision,) = office.does(aside(entry.commit))
    office.push()
    assert verdict_of(plant, decision) == (Verdict.ACCEPTED, "")
