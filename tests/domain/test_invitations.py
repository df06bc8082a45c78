"""When an invitation counts: until it is used, withdrawn, or its last day is over."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from manchengo.domain.ids import InvitationId, UserId
from manchengo.domain.invitations import (
    Invitation,
    InvitationExpired,
    InvitationUsed,
    InvitationWithdrawn,
    must_be_usable,
)
from tests.support.dairy import an_id

LAST_DAY = date(2026, 12, 1)
OPEN = Invitation(
    id=InvitationId(an_id("invitation")),
    public_key="cd" * 32,
    expires_on=LAST_DAY,
    invited_by=UserId(an_id("Amina")),
)


@pytest.mark.parametrize("on", [LAST_DAY - timedelta(days=9), LAST_DAY, None])
def test_an_invitation_counts_to_its_last_day(on: date | None) -> None:
    must_be_usable(OPEN, user="Karim", on=on)


def test_on_the_day_after_it_has_expired() -> None:
    with pytest.raises(InvitationExpired):
        must_be_usable(OPEN, user="Karim", on=LAST_DAY + timedelta(days=1))


def test_a_recovery_key_has_no_last_day() -> None:
    must_be_usable(evolve(OPEN, expires_on=None), user="Amina", on=date(2099, 1, 1))


def test_what_was_used_counts_no_more() -> None:
    with pytest.raises(InvitationUsed):
        must_be_usable(evolve(OPEN, used=True), user="Karim", on=LAST_DAY)


def test_what_was_withdrawn_counts_no_more() -> None:
    with pytest.raises(InvitationWithdrawn):
        must_be_usable(evolve(OPEN, withdrawn="code perdu"), user="Karim", on=LAST_DAY)
