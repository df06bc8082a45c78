"""The keys under which the server signs tokens: the present one, and those that it had just before.

Another one takes the place of the present key at once. A token that the former one signed is good
until its own time is over, so no device notices.
"""

from datetime import datetime, timedelta

from attrs import frozen

from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.errors import NotFounded
from manchengo_server.key_wrapping import WrappingKey, read_key, write_key
from manchengo_server.plant import FORMER_TOKEN_KEYS, KEY_BYTES, TOKEN_KEY, RandomBytes

LIFE = timedelta(minutes=15)
"""How long a token is good."""


@frozen(kw_only=True)
class FormerKey:
    """``until``: when the last token that it signed ends, in seconds since 1970."""

    key: bytes
    until: int


@frozen(kw_only=True)
class TokenKeys:
    """``present`` signs; ``former`` are read until their time is over."""

    present: bytes
    former: tuple[FormerKey, ...] = ()

    @classmethod
    def read(cls, snapshot: Snapshot, wrapping: WrappingKey | None) -> "TokenKeys":
        """As they are stored now: another process may have replaced them. Raises ``NotFounded``."""
        present = read_key(snapshot, TOKEN_KEY, wrapping)
        if present is None:
            raise NotFounded
        written = (read_key(snapshot, FORMER_TOKEN_KEYS, wrapping) or "").split()
        pairs = (each.partition(":") for each in written)
        return cls(
            present=bytes.fromhex(present),
            former=tuple(
                FormerKey(key=bytes.fromhex(key), until=int(until)) for key, _, until in pairs
            ),
        )

    def readable(self, now: datetime) -> list[bytes]:
        """Those whose tokens count at that time, the present one first."""
        return [self.present, *(each.key for each in self.alive(now))]

    def alive(self, now: datetime) -> list[FormerKey]:
        """The former keys whose time is not over."""
        return [each for each in self.former if now.timestamp() < each.until]


def replace_token_key(
    transaction: Transaction,
    wrapping: WrappingKey | None,
    *,
    random_bytes: RandomBytes,
    now: datetime,
    at_once: bool = False,
) -> None:
    """``at_once``: the tokens of the former keys end now, as their keys may be known to others."""
    keys = TokenKeys.read(transaction, wrapping)
    until = int((now + LIFE).timestamp()) + 1
    former = [] if at_once else [FormerKey(key=keys.present, until=until), *keys.alive(now)]
    written = " ".join(f"{each.key.hex()}:{each.until}" for each in former)
    write_key(transaction, FORMER_TOKEN_KEYS, written, wrapping)
    write_key(transaction, TOKEN_KEY, random_bytes(KEY_BYTES).hex(), wrapping)
