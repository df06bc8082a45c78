"""Keys of people, the same on every run."""

from hashlib import sha256

from manchengo.application.authors import user_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import AdmitKey, AdmitOwnKey
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import UserRow
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from manchengo_sync.possession import with_proof
from manchengo_sync.signing import Ed25519Signer


def signer_of(*whose: object) -> Ed25519Signer:
    """The key of that person on that device, or of whatever else is named."""
    return Ed25519Signer(sha256(repr(whose).encode()).hexdigest())


def admitting(user_id: UserId, family_id: DeviceId, key: Signer) -> AdmitKey:
    """An administrator's, with the proof of the key."""
    command = AdmitKey(user_id=user_id, family_id=family_id, public_key=key.key.hex())
    return with_proof(command, key, plant_id=None)


def admitting_own(
    user_id: UserId, family_id: DeviceId, key: Signer, *, by: Signer | None = None
) -> AdmitOwnKey:
    """With the proof of the key. ``by``: the key that signs the command; the new one itself."""
    command = AdmitOwnKey(user_id=user_id, family_id=family_id, public_key=key.key.hex())
    return with_proof(command, key, plant_id=None, signed_with=(by or key).key)


def admitted(store: Store, user_id: UserId, signer: Signer | None) -> Signer | None:
    """That key, where the log admits it as that person's, or knows of no people."""
    with store.reading() as snapshot:
        if next(snapshot.rows(UserRow, limit=1), None) is None:
            return signer
        user = user_of(UnitOfWork(snapshot), user_id)
    keys = {key.public_key for key in user.keys if not key.withdrawn} if user else set()
    return signer if signer and signer.key.hex() in keys else None
