"""The keys for which files are sealed: the present one, and those that it replaced, for a time.

A file is long on its way, and a device without a network seals for the key that it knows. So a
former key opens files until its time is over. Each answer to a device that knows another key than
the present one names that, signed with the key by which devices know the server.
"""

from datetime import datetime, timedelta

from attrs import frozen

from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.context import ServerContext
from manchengo_server.errors import NotFounded
from manchengo_server.key_wrapping import WrappingKey, read_key, write_key
from manchengo_server.plant import (
    BUNDLE_KEY,
    BUNDLE_KEY_SINCE,
    FORMER_BUNDLE_KEYS,
    KEY_BYTES,
    RandomBytes,
)
from manchengo_server.signing_keys import signing_key_for
from manchengo_sync import sealing
from manchengo_sync.bundle_keys import signed_bundle_key
from manchengo_sync.wire import BundleKey, PushRequest


@frozen(kw_only=True)
class FormerBundleKey:
    """``key``: a private X25519 key, in hexadecimal. ``until``: to when it opens files, in seconds
    since 1970.
    """

    key: str
    until: int


@frozen(kw_only=True)
class BundleKeys:
    """``since``: when the present key came, in seconds since 1970; 0 for that of the beginning."""

    present: str
    since: int
    former: tuple[FormerBundleKey, ...] = ()

    @classmethod
    def read(cls, snapshot: Snapshot, wrapping: WrappingKey | None) -> "BundleKeys":
        """As they are stored now: another process may have replaced them. Raises ``NotFounded``."""
        present = read_key(snapshot, BUNDLE_KEY, wrapping)
        if present is None:
            raise NotFounded
        written = (read_key(snapshot, FORMER_BUNDLE_KEYS, wrapping) or "").split()
        pairs = (each.partition(":") for each in written)
        return cls(
            present=present,
            since=int(snapshot.setting(BUNDLE_KEY_SINCE) or 0),
            former=tuple(FormerBundleKey(key=key, until=int(until)) for key, _, until in pairs),
        )

    def alive(self, now: datetime) -> list[FormerBundleKey]:
        """The former keys whose time is not over."""
        return [each for each in self.former if now.timestamp() < each.until]

    def readable(self, now: datetime) -> list[str]:
        """The private keys that open files at that time, the present one first."""
        return [self.present, *(each.key for each in self.alive(now))]


def replace_bundle_key(
    transaction: Transaction,
    wrapping: WrappingKey | None,
    *,
    random_bytes: RandomBytes,
    now: datetime,
    accepted_for: timedelta,
) -> None:
    """``accepted_for``: how long the key that is replaced opens files; nothing where somebody may
    know it: then no former key opens any more.
    """
    keys = BundleKeys.read(transaction, wrapping)
    former = []
    if accepted_for:
        until = int((now + accepted_for).timestamp())
        former = [FormerBundleKey(key=keys.present, until=until), *keys.alive(now)]
    written = " ".join(f"{each.key}:{each.until}" for each in former)
    write_key(transaction, FORMER_BUNDLE_KEYS, written, wrapping)
    write_key(transaction, BUNDLE_KEY, random_bytes(KEY_BYTES).hex(), wrapping)
    since = max(int(now.timestamp()), keys.since + 1)  # also where the clock went back
    transaction.set_setting(BUNDLE_KEY_SINCE, str(since))


def bundle_key_for(
    context: ServerContext, snapshot: Snapshot, request: PushRequest
) -> BundleKey | None:
    """What tells the device that asks for which key it is to seal; None where it knows that, and
    for a program of before, which names none.
    """
    if not request.bundle_key:
        return None
    keys = BundleKeys.read(snapshot, context.wrapping)
    present = sealing.public_key(keys.present)
    if request.bundle_key == present:
        return None
    return signed_bundle_key(
        signing_key_for(context, snapshot, request.signing_key),
        plant_id=context.plant.id,
        key=present,
        since=keys.since,
        nonce=request.nonce,
    )
