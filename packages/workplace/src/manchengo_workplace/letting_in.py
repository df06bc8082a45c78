"""An administrator lets one more device in, and has its person begin to sign there.

The server lets the device in by a code of its own. That it is this person's device, only somebody
of the plant can say: an invitation, which the administrator signs.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from manchengo.domain.commit import Verdict
from manchengo.ports.rows import UserRow
from manchengo_presenters.language import N_
from manchengo_workplace import invitations, server
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.server import EnrolmentCode
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo_workplace.server import Progress


@frozen(kw_only=True)
class Admission:
    """What is told to whoever sets up the new device, and until when it is good."""

    code: EnrolmentCode
    expires_at: datetime


def let_in(workplace: Workplace, user: UserRow, minutes: int, progress: "Progress") -> Admission:
    """A code for one more device of that person; with an invitation, where everybody signs, which
    the server's log holds by the time this returns.

    Raises ``Failure``: the server's, and ``InvitationWaits`` where it has not accepted it.
    """
    given = server.new_code(workplace, user.id, minutes)
    invitation = ""
    if workplace.sign_in.everybody_signs():
        until = max(given.expires_at.astimezone().date(), workplace.clock.today())
        invited = invitations.invite(workplace.dairy, user, until=until)
        server.exchange(workplace, progress)
        _must_be_in_the_log(workplace, invited, user)
        invitation = invited.code
    code = server.enrolment_code(workplace.store, given, invitation)
    return Admission(code=code, expires_at=given.expires_at)


def _must_be_in_the_log(workplace: Workplace, invited: invitations.Invited, user: UserRow) -> None:
    with workplace.store.reading() as snapshot:
        entry = snapshot.entry(invited.commit_id)
    if entry is None or entry.verdict is not Verdict.ACCEPTED:
        raise Failure(
            "InvitationWaits",
            N_(
                "The server has not accepted the invitation of {user} yet, and the code would be "
                "worth nothing without it. See why with “manchengo sync”, then ask for another "
                "code."
            ),
            {"user": user.name},
            origin=Origin.RULE,
        )
