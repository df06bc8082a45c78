"""A one-time code with which a person begins to sign at a device, wherever it is.

An administrator gives it, and it lasts some days; a recovery key is one that lasts until it is
used, for the drawer of a dairy whose only computer may be lost. The code is never stored.
"""

from datetime import date, timedelta

from attrs import frozen

from manchengo import Actor, Manchengo, Uuid7Ids
from manchengo.application.authors import user_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import AdmitOwnKey, InvitePerson
from manchengo.domain.ids import CommitId, InvitationId
from manchengo.domain.invitations import Invitation
from manchengo.ports.rows import UserRow
from manchengo_presenters.language import N_
from manchengo_sync import invitations
from manchengo_sync.enrolment_code import invitation_in
from manchengo_sync.possession import with_proof
from manchengo_workplace.acting import roles_of
from manchengo_workplace.drawn_code import DrawnCode
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.personal_keys import new_secret
from manchengo_workplace.sealed_keys import UnlockedKey, new_signer
from manchengo_workplace.sign_in import SignIn

USUAL_DAYS = 7


@frozen(kw_only=True)
class Invited:
    """``code``: shown once, and nowhere stored; ``expires_on``: its last day, None for a recovery
    key. ``commit_id``: of the commit that invites.
    """

    commit_id: CommitId
    code: str
    expires_on: date | None


def invite(dairy: Manchengo, user: UserRow, *, until: date | None) -> Invited:
    """A new code for that person; until that day, or for a recovery key without one.

    Raises ``NotPermitted`` and what else ``InvitePerson`` is refused for.
    """
    drawn = _drawn(invitations.CODE_LETTERS) if until else recovery_code()
    commit = dairy.execute(
        InvitePerson(
            user_id=user.id,
            invitation_id=drawn.invitation_id,
            public_key=drawn.public_key,
            expires_on=until,
        )
    )
    return Invited(commit_id=commit.id, code=drawn.code, expires_on=until)


def recovery_code() -> DrawnCode:
    """The code of a new recovery key, of nobody yet."""
    return _drawn(invitations.RECOVERY_LETTERS)


def _drawn(letters: int) -> DrawnCode:
    code, invitation_id = invitations.new_code(letters), InvitationId(Uuid7Ids().new())
    signer = invitations.signer_of(code, invitation_id)
    return DrawnCode(code=code, invitation_id=invitation_id, public_key=signer.key.hex())


def last_day(today: date, days: int) -> date:
    """The last day of an invitation of so many days, today among them."""
    return today + timedelta(days=days - 1)


def redeem(sign_in: SignIn, user: UserRow, code: str) -> UnlockedKey:
    """Begin a key of the person at this device with the code, which may be typed with that of the
    device before it and the plant behind it, as it was shown; they choose its passphrase.

    Raises ``Failure`` for a code that is none of theirs, which the audit notes, and what stands
    against its use.
    """
    try:
        by_code = _signer_of(sign_in, user, code)
    except Failure as failure:
        sign_in.note(user.id, "session.refused", outcome=failure.name)
        raise
    secret, signer, ids = new_secret(sign_in, user.name), new_signer(), Uuid7Ids()
    actor = Actor(user_id=user.id, device_id=sign_in.device_id, roles=roles_of(user.roles))
    dairy = Manchengo(sign_in.store, clock=sign_in.clock, ids=ids, actor=actor, signer=by_code)
    command = with_proof(
        AdmitOwnKey(user_id=user.id, family_id=sign_in.family_id, public_key=signer.key.hex()),
        signer,
        plant_id=sign_in.plant_id,
        signed_with=by_code.key,
    )
    with dairy.batch() as batch:
        batch.execute(command, command_id=CommitId(ids.new()))
        sign_in.sealed.seal(user.id, secret, signer)
    return signer


def _signer_of(sign_in: SignIn, user: UserRow, typed: str) -> UnlockedKey:
    code = invitation_in(typed)
    for invitation in of_person(sign_in, user):
        try:
            signer = invitations.signer_of(code, invitation.id)
        except invitations.NotACode:
            break
        if signer.key.hex() == invitation.public_key:
            return signer
    raise Failure(
        "WrongCode",
        N_(
            "This is no code of an invitation of {user} that this device knows of. Check what is "
            "written; if it is new, exchange with the server first."
        ),
        {"user": user.name},
        origin=Origin.RULE,
    )


def of_person(sign_in: SignIn, user: UserRow) -> list[Invitation]:
    """The person's invitations, those that are still open first, then the latest."""
    with sign_in.store.reading() as snapshot:
        known = user_of(UnitOfWork(snapshot), user.id)
    found = reversed(known.invitations if known else ())
    return sorted(found, key=lambda each: each.used or bool(each.withdrawn))
