"""A log judged again: what an honest server said stands, what another said is named."""

from datetime import timedelta
from typing import Any

import pytest

from manchengo import MemoryStore
from manchengo.application import judged_otherwise as judging
from manchengo.application.judge import judge
from manchengo.application.judged_otherwise import JudgedOtherwise, judged_otherwise
from manchengo.application.judgement import Judgement, Rejected
from manchengo.application.replication import verdicts
from manchengo.commands import SetAsideParked
from manchengo.domain.commit import Commit, Verdict
from manchengo.domain.errors import ReasonMissing
from manchengo.domain.resolution import Way, item_id_of
from manchengo.ports.store import Snapshot
from tests.application.test_invitations import CODE, DRIVER, invited, own
from tests.application.test_resolution import (
    an_older_program,
    both_pour_the_same_lot,
    plant,
    resolving,
)
from tests.support.dairy import day, litres, written_off
from tests.support.people import IN_THE_VAN, KARIM, plant_of_two, recorded
from tests.support.plant import Plant

__all__ = ["plant"]


def judged_again(plant: Plant) -> list[JudgedOtherwise]:
    with plant.devices[0].store.reading() as snapshot:
        return list(judged_otherwise(snapshot, scratch=MemoryStore()))


def otherwise(plant: Plant) -> list[tuple[str, Verdict, Verdict]]:
    """Of each, what was recorded, what the log says of it, and what this program says."""
    return [
        (found.entry.commit.command_type, found.entry.verdict, found.verdict)
        for found in judged_again(plant)
    ]


@pytest.mark.parametrize("at_once", [1, 1_000])
def test_what_an_honest_server_said_is_said_again(
    plant: Plant, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused, decided on, parked, judged later, and set aside; in however many transactions."""
    monkeypatch.setattr(judging, "AT_ONCE", at_once)
    office, phone = plant.devices
    second = both_pour_the_same_lot(plant)
    office.does(resolving(second, Way.VOID))
    plant.settle()
    (late,) = phone.does(written_off("L1", litres(2), on=day(1)))
    with an_older_program(lacking="lot.written_off"):
        phone.push()
    plant.settle()
    office.does(SetAsideParked(item_id=item_id_of(late.id), reason="?", on=day(1)))
    plant.settle()
    office.does(written_off("L1", litres(1), on=day(1)))
    plant.settle()
    kinds = {entry.verdict for entry in plant.after(0, 1_000)}
    assert kinds >= {Verdict.ACCEPTED, Verdict.REJECTED, Verdict.PARKED}
    assert otherwise(plant) == []


def test_a_code_that_came_too_late_was_rightly_refused() -> None:
    plant = plant_of_two()
    office = invited(plant)
    recorded(office, KARIM, CODE, own(KARIM, office, IN_THE_VAN), role=DRIVER)
    plant.now += timedelta(days=1)
    plant.settle()
    assert plant.after(0, 1_000)[-1].reason == "InvitationExpired"
    assert otherwise(plant) == []


def test_what_a_server_refused_without_a_rule_is_named(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Devices take it in: a refusal may follow from any commit. What comes behind it stands."""
    office, phone = plant.devices
    office.does(written_off("L1", litres(5), on=day(1)))
    lie = ReasonMissing(step="count")
    with monkeypatch.context() as lying:
        lying.setattr(verdicts, "judge", lambda *_given, **_named: Rejected(lie))
        office.push()
    phone.does(written_off("L1", litres(3), on=day(1)))
    plant.settle()
    assert otherwise(plant) == [("lot.write_off", Verdict.REJECTED, Verdict.ACCEPTED)]


def test_another_reason_is_named_too(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    office, phone = plant.devices
    for device in (office, phone):
        device.does(written_off("L1", litres(60), on=day(1)))
    office.push()
    with monkeypatch.context() as lying:
        lying.setattr(
            verdicts, "judge", lambda *_given, **_named: Rejected(ReasonMissing(step="count"))
        )
        phone.push()
    plant.settle()
    (found,) = judged_again(plant)
    assert (found.entry.reason, found.reason) == ("ReasonMissing", "NotEnoughInLot")


@pytest.mark.parametrize("error", [RecursionError, OverflowError, KeyError, ValueError])
def test_what_breaks_the_judge_waits_for_a_person(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """No bytes are known that do; should any, they stop neither the server nor who comes behind."""
    office, phone = plant.devices
    broken = office.does(written_off("L1", litres(2), on=day(1)))

    def stumbling(snapshot: Snapshot, commit: Commit, **about: Any) -> Judgement:
        if commit.id == broken[0].id:
            raise error
        return judge(snapshot, commit, **about)

    monkeypatch.setattr(verdicts, "judge", stumbling)
    plant.settle()
    (behind,) = phone.does(written_off("L2", litres(1), on=day(1)))
    plant.settle()
    found = {entry.commit.id: entry.verdict for entry in plant.after(0, 1_000)}
    assert found[broken[0].id] is Verdict.PARKED
    assert found[behind.id] is Verdict.ACCEPTED
