"""What an administrator gives to a new device is read as it was shown, and is for one plant."""

from uuid import UUID

import pytest

from manchengo import Role
from manchengo_sync import settings
from manchengo_sync.enrolment_code import EnrolmentCode, NotAPlantId, invitation_in
from manchengo_sync.joining import join
from manchengo_sync.link import AnotherPlant
from manchengo_sync.wire import EnrolRequest, EnrolResponse
from tests.support.server import BOSS, a_server, register

PLANT = UUID(int=7)
DOOR, INVITATION = "K7QM-4XRA-9TWB", "7KQM-4XRA-9TWC"


def test_the_invitation_is_apart_from_the_code() -> None:
    """The code alone is for the server."""
    read = EnrolmentCode.read(f" {DOOR} + {INVITATION} @ {PLANT} ")
    assert (read.code, read.invitation, read.plant_id) == (DOOR, INVITATION, PLANT)


@pytest.mark.parametrize("invitation", ["", INVITATION])
@pytest.mark.parametrize("plant_id", [None, PLANT])
def test_what_is_shown_is_read(invitation: str, plant_id: UUID | None) -> None:
    code = EnrolmentCode(DOOR, plant_id, invitation)
    assert EnrolmentCode.read(str(code)) == code


@pytest.mark.parametrize("written", [f"{DOOR}@", f"{DOOR}@{DOOR}", f"{DOOR}+{INVITATION}@x"])
def test_what_follows_the_code_is_a_plant(written: str) -> None:
    with pytest.raises(NotAPlantId):
        EnrolmentCode.read(written)


@pytest.mark.parametrize(
    "typed", [INVITATION, f"{DOOR}+{INVITATION}", f"{DOOR}+{INVITATION}@{PLANT}"]
)
def test_the_invitation_is_found_in_all_that_was_shown(typed: str) -> None:
    assert invitation_in(typed) == INVITATION


class Unasked:
    """A server that is not to be asked."""

    def enrol(self, request: EnrolRequest) -> EnrolResponse:
        raise AssertionError("the code was shown")


def test_people_of_a_plant_of_before_join_no_other_by_a_code_that_names_it() -> None:
    office = a_server().device()
    office.does(register(BOSS, "Amina", Role.ADMIN))
    with pytest.raises(AnotherPlant):
        join(office.store, Unasked(), url="https://m.test", code=DOOR, name="b", plant_id=PLANT)
    with office.store.reading() as snapshot:
        assert (settings.own_plant(snapshot), snapshot.count_pending()) == (None, 1)
