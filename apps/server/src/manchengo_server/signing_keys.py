"""The key under which the server says where its log ends, and the one that is to come after it.

The next key is made at the server and signs nothing yet. An administrator records on a device that
it comes (``ReplaceServerKey``); once the log has accepted that, it is the present one.
"""

from collections.abc import Sequence

from manchengo.domain.commit import Commit, LogEntry
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.context import ServerContext
from manchengo_server.key_wrapping import WrappingKey, read_key, write_key
from manchengo_server.plant import KEY_BYTES, NEXT_SIGNING_KEY, SIGNING_KEY, RandomBytes
from manchengo_sync import signing
from manchengo_sync.server_succession import replacement_taken, succession_after
from manchengo_sync.wire import PushRequest


def next_signing_key(
    transaction: Transaction, wrapping: WrappingKey | None, *, random_bytes: RandomBytes
) -> str:
    """The public key that is to come, made where there is none yet."""
    key = read_key(transaction, NEXT_SIGNING_KEY, wrapping)
    if not key:
        key = random_bytes(KEY_BYTES).hex()
        write_key(transaction, NEXT_SIGNING_KEY, key, wrapping)
    return signing.public_key(key)


def signing_key_for(context: ServerContext, snapshot: Snapshot, known: str) -> str:
    """The private key that signs the answer to a device that knows the server by that public one.

    A device may know the next key before this log does: where a backup was put back, of a time
    before the log said that the key comes.
    """
    present = read_key(snapshot, SIGNING_KEY, context.wrapping)
    assert present is not None, "a server has a signing key from its first start on"
    coming = read_key(snapshot, NEXT_SIGNING_KEY, context.wrapping)
    return coming if coming and signing.public_key(coming) == known else present


def own_signing_keys(context: ServerContext, snapshot: Snapshot) -> list[str]:
    """The public keys whose word is the server's: of the present one, and of the next, under which
    it may have signed what a backup lacks.
    """
    stored = (
        read_key(snapshot, purpose, context.wrapping) for purpose in (SIGNING_KEY, NEXT_SIGNING_KEY)
    )
    return [signing.public_key(key) for key in stored if key]


def succession_for(snapshot: Snapshot, request: PushRequest, key: str) -> tuple[Commit, ...]:
    """What shows the device that this public key came; nothing where it knows that."""
    known = request.signing_key
    return () if known in ("", key) else succession_after(snapshot, known)


def adopt_next_key(
    transaction: Transaction, wrapping: WrappingKey | None, entered: Sequence[LogEntry]
) -> None:
    """The next key signs from here on where one of these entries says that it comes."""
    coming = {taken.public_key for entry in entered if (taken := replacement_taken(entry))}
    if not coming:
        return
    key = read_key(transaction, NEXT_SIGNING_KEY, wrapping)
    if key and signing.public_key(key) in coming:
        write_key(transaction, SIGNING_KEY, key, wrapping)
        write_key(transaction, NEXT_SIGNING_KEY, "", wrapping)
