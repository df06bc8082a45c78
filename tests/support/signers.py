"""Keys of people, the same on every run."""

from hashlib import sha256

from manchengo.application.authors import user_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.ids import UserId
from manchengo.ports.rows import UserRow
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from manchengo_sync.signing import Ed25519Signer


def signer_of(*whose: object) -> Ed25519Signer:
    """The key of that person on that device, or of whatever else is named."""
    return Ed25519Signer(sha256(repr(whose).encode()).hexdigest())


def admitted(store: Store, user_id: UserId, signer: Signer | None) -> Signer | None:
    """That key, where the log admits it as that person's, or knows of no people."""
    with store.reading() as snapshot:
        if next(snapshot.rows(UserRow, limit=1), None) is None:
            return signer
        user = user_of(UnitOfWork(snapshot), user_id)
    keys = {key.public_key for key in user.keys if not key.withdrawn} if user else set()
    return signer if signer and signer.key.hex() in keys else None
