"""The key for which a device seals its files: another one is believed where the server signed it.

Over the network the signature repeats the nonce of the request, so it is the server's word of now.
A file may be carried long: there a key counts only if it came after the one that is known.
"""

from uuid import UUID

from attrs import evolve

from manchengo.ports.store import Snapshot, Store
from manchengo_sync.settings import PLANT_ID, SERVER_KEY, SERVER_KEY_SINCE
from manchengo_sync.signing import is_signed, sign
from manchengo_sync.wire import BundleKey


def message(plant_id: UUID, named: BundleKey, nonce: str) -> bytes:
    """What the server signs. None of the parts before the nonce has a line end in it."""
    fields = (plant_id, named.key, named.since, nonce)
    return "\n".join(["manchengo bundle key 1", *map(str, fields)]).encode()


def signed_bundle_key(
    private_key: str, *, plant_id: UUID, key: str, since: int, nonce: str
) -> BundleKey:
    """``private_key``: the Ed25519 key with which the server signs. ``key``: a public X25519 key.
    Both in hexadecimal.
    """
    named = BundleKey(key=key, since=since, signature=b"")
    return evolve(named, signature=sign(private_key, message(plant_id, named, nonce)))


def receive_bundle_key(
    store: Store, named: BundleKey | None, *, signing_key: str, nonce: str
) -> None:
    """Seal for that key from now on, where the server signed it; otherwise it is passed over.

    ``signing_key``: of the word that came with it, which was checked. ``nonce``: of the request; ""
    for a file.
    """
    if named is None:
        return
    with store.reading() as snapshot:
        if not _is_believed(snapshot, named, signing_key, nonce):
            return
    with store.writing() as transaction:
        transaction.set_setting(SERVER_KEY, named.key)
        transaction.set_setting(SERVER_KEY_SINCE, str(named.since))


def _is_believed(snapshot: Snapshot, named: BundleKey, signing_key: str, nonce: str) -> bool:
    plant_id = snapshot.setting(PLANT_ID)
    if not plant_id:
        return False
    is_later = named.since > int(snapshot.setting(SERVER_KEY_SINCE) or 0)
    signed = message(UUID(plant_id), named, nonce)
    return bool(nonce or is_later) and is_signed(signing_key, named.signature, signed)


def receive_unsigned_key(store: Store, key: str) -> None:
    """Seal for that key from now on, which a server of before named without signing it; not where
    this device knows one that was signed. ``key``: "" where the server named none.
    """
    with store.writing() as transaction:
        if key and not transaction.setting(SERVER_KEY_SINCE):
            transaction.set_setting(SERVER_KEY, key)
