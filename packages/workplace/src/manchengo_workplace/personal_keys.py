"""The key with which a person signs at this device: begun, given by an administrator, sealed anew.

What is sealed and what the log admits change together: the file is written inside the transaction
that records the command, so that a refusal leaves the key of before, and a program that is killed
in between leaves a key that is begun again.
"""

from manchengo import Actor, Manchengo, Uuid7Ids
from manchengo.commands import AdmitOwnKey, WithdrawKey
from manchengo.domain.access import Permission
from manchengo.domain.ids import CommitId
from manchengo.domain.person_keys import REPLACED, KeyNotAdmitted, NotSigned
from manchengo.ports.rows import UserRow
from manchengo_workplace.acting import roles_of
from manchengo_workplace.sealed_keys import UnlockedKey, new_signer
from manchengo_workplace.sign_in import SignIn
from manchengo_workplace.sign_in_failures import admission_needed
from manchengo_workplace.strength import check_strength


def new_secret(sign_in: SignIn, user: str) -> str:
    """A passphrase or PIN that the person chooses, strong enough. Raises ``Failure``."""
    is_pin = sign_in.sealed.asks_for_a_pin
    return sign_in.secrets.new(
        user,
        is_pin=is_pin,
        check=lambda secret: check_strength(secret, is_pin=is_pin, known=(user,)),
    )


def change_secret(sign_in: SignIn, user: UserRow, old: str) -> None:
    """Seal the person's key under another passphrase or PIN; the key stays. Raises ``Failure``."""
    signer = sign_in.unlocked(user, old)
    sign_in.sealed.seal(user.id, new_secret(sign_in, user.name), signer)
    sign_in.note(user.id, "passphrase.changed")


def begin_key(sign_in: SignIn, user: UserRow) -> UnlockedKey:
    """The person's first key at this device, which they admit themselves: where the device was
    enrolled for them and they sign nowhere yet, or the plant does not have everybody sign.

    Elsewhere an administrator has to admit it: it waits, sealed, and ``Failure``
    ``AdmissionNeeded`` says what to hand to them. Raises other ``Failure`` too.
    """
    secret, signer = new_secret(sign_in, user.name), new_signer()
    actor = Actor(user_id=user.id, device_id=sign_in.device_id, roles=roles_of(user.roles))
    ids = Uuid7Ids()
    dairy = Manchengo(sign_in.store, clock=sign_in.clock, ids=ids, actor=actor, signer=signer)
    command = AdmitOwnKey(user_id=user.id, family_id=sign_in.family_id, public_key=signer.key.hex())
    try:
        with dairy.batch() as batch:
            batch.execute(command, command_id=CommitId(ids.new()))
            sign_in.sealed.seal(user.id, secret, signer)
    except (KeyNotAdmitted, NotSigned):
        sign_in.sealed.seal(user.id, secret, signer)
        sign_in.note(user.id, "key.begun", outcome="AdmissionNeeded")
        raise admission_needed(user.name, sign_in.admission_of(signer, user.id)) from None
    return signer


def give_key(sign_in: SignIn, dairy: Manchengo, user: UserRow) -> None:
    """A new key for somebody, who chooses its passphrase; whoever gives it, an administrator,
    admits it. The keys that they had here are withdrawn, and no wrong try counts any more.

    Raises ``Failure``, ``NotPermitted``.
    """
    dairy.permit(Permission.MANAGE_KEYS, "key.given")
    before = sign_in.live_keys(user.id)
    secret, signer, ids = new_secret(sign_in, user.name), new_signer(), Uuid7Ids()
    admission = sign_in.admission_of(signer, user.id)
    with dairy.batch() as batch:
        batch.execute(admission, command_id=CommitId(ids.new()))
        for key in before:
            withdrawal = WithdrawKey(user_id=user.id, public_key=key, reason=REPLACED)
            batch.execute(withdrawal, command_id=CommitId(ids.new()))
        sign_in.sealed.seal(user.id, secret, signer)


def let_in_again(sign_in: SignIn, dairy: Manchengo, user: UserRow) -> None:
    """Forget the wrong tries of somebody. Raises ``NotPermitted``, ``Failure``."""
    dairy.permit(Permission.MANAGE_KEYS, "lockout.lifted")
    sign_in.sealed.reset_tries(user.id, user.name)
    sign_in.note(user.id, "lockout.lifted")
