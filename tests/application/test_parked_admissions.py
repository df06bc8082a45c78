"""Whose key is admitted by a commit that nobody can read yet waits with that commit."""

import pytest

from manchengo import codec
from manchengo.application.replication.server_log import judge_parked_again
from manchengo.commands import COMMANDS, AdmitKey, SetAsideParked
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.person_keys import KeyNotAdmitted
from manchengo.domain.resolution import item_id_of
from tests.application.test_authors import (
    MILK_CAME,
    MORE_RIGHTS,
    of_a_newer_program,
    sent,
    unknown_to_this_program,
)
from tests.support.dairy import day, litres, received
from tests.support.people import AMINA, AT_THE_OFFICE, KARIM, forced, plant_of_two, recorded
from tests.support.plant import Plant
from tests.support.signers import admitting, signer_of

HIS_NEXT = signer_of("Karim, another day")


@pytest.fixture
def plant() -> Plant:
    return plant_of_two()


def verdicts(plant: Plant, *entries: LogEntry) -> list[tuple[Verdict, str]]:
    """The latest of each."""
    found = {each.commit.id: (each.verdict, each.reason) for each in plant.after(0, 1_000)}
    return [found[each.commit.id] for each in entries]


def test_what_is_signed_with_a_key_of_a_parked_admission_is_parked_with_it(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(MORE_RIGHTS)
    plant.settle()
    office.does(admitting(KARIM, phone.id, HIS_NEXT))
    with pytest.MonkeyPatch.context() as older:
        known = {name: each for name, each in COMMANDS.items() if each.type is not AdmitKey}
        older.setattr(codec, "commands", codec.Codec(known))
        office.push()
    admission = plant.after(0, 1_000)[-1]
    milk = forced(plant, phone, KARIM, HIS_NEXT, MILK_CAME)
    assert verdicts(plant, admission, milk) == [
        (Verdict.PARKED, "UnknownEvent"),
        (Verdict.PARKED, "BuiltOnParked"),
    ]
    with plant.store.writing() as transaction:
        judge_parked_again(transaction, state_cache=plant.state_cache)
    assert verdicts(plant, admission, milk) == [(Verdict.ACCEPTED, "")] * 2
    plant.settle()
    assert len(plant.digests()) == 1


def test_where_the_admission_is_set_aside_it_is_refused(plant: Plant) -> None:
    office, phone = plant.devices
    (commit,) = recorded(office, AMINA, AT_THE_OFFICE, received("LX", litres(1)))
    admission = sent(plant, office, unknown_to_this_program(commit, KARIM, kind="user"))
    assert admission.verdict is Verdict.PARKED
    milk = forced(plant, phone, KARIM, HIS_NEXT, MILK_CAME)
    assert verdicts(plant, milk) == [(Verdict.PARKED, "BuiltOnParked")]
    office.pull()
    office.does(SetAsideParked(item_id=item_id_of(admission.commit.id), reason="?", on=day(1)))
    office.push()
    assert verdicts(plant, milk) == [(Verdict.REJECTED, KeyNotAdmitted.__name__)]


def test_nobody_parks_another_by_a_commit_that_gives_them_no_key(plant: Plant) -> None:
    """A driver names the administrator, whose rights he may not change, in what nobody reads."""
    office, phone = plant.devices
    sent(plant, phone, of_a_newer_program(phone, KARIM, AMINA))
    entry = forced(plant, office, AMINA, HIS_NEXT, MILK_CAME)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, KeyNotAdmitted.__name__)
