"""The signing keys of the people of this device: made, sealed, unlocked; tries are counted.

A wrong try is written down *before* it is checked, so that a program that is killed has counted it,
and there is no clock to be set back: after three wrong ones in a row each next try first waits,
after ten there is no next one until an administrator resets it. This stops who is at the screen.
Who has the files counts nothing, and faces Argon2id alone.
"""

import time
from collections.abc import Callable
from pathlib import Path

from attrs import evolve, field, frozen

from manchengo.domain.ids import UserId
from manchengo_presenters.language import N_
from manchengo_sqlite import keys, sealing
from manchengo_sqlite.errors import WrongKey
from manchengo_sqlite.one_at_a_time import one_at_a_time
from manchengo_sync import signing
from manchengo_sync.signing import Ed25519Signer
from manchengo_workplace import people_file
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.people_file import People, SealedKey

AT_ONCE = 3
"""So many wrong tries in a row cost no waiting."""

MOST_TRIES = 10
LONGEST_WAIT = 60

UnlockedKey = Ed25519Signer
"""A person's key that they have unlocked: a ``manchengo.ports.signer.Signer``."""


@frozen
class SealedKeys:
    """``database``: beside which the file lies. ``wait``: how a person waits, given seconds."""

    database: Path
    wait: Callable[[float], object] = field(default=time.sleep, kw_only=True)

    @property
    def path(self) -> Path:
        """The file."""
        return people_file.people_file(self.database)

    def people(self) -> People:
        """Who has a key here. Raises ``Failure`` for a damaged or too new file."""
        return people_file.read(self.path)

    @property
    def asks_for_a_pin(self) -> bool:
        """Whether new seals are those of a PIN: where the keyring keeps the other half."""
        return bool(keys.device_secret(self.database))

    def seal(self, user_id: UserId, secret: str, signer: UnlockedKey) -> None:
        """Keep the person's key under that passphrase or PIN, in the place of the one before."""
        device_secret = keys.device_secret(self.database)
        public_key = signer.key.hex()
        sealed = sealing.seal(
            self.path,
            people_file.context(user_id, public_key),
            bytes.fromhex(signer.private_key),
            secret,
            device_secret=device_secret,
        )
        key = SealedKey(
            public_key=public_key, sealed=sealed, needs_device_secret=bool(device_secret)
        )
        with one_at_a_time(self.path):
            self._keep(user_id, key)

    def unlock(self, user_id: UserId, name: str, secret: str) -> UnlockedKey:
        """The person's key, unlocked. ``name``: by which failures call the person.

        Raises ``Failure``: ``NoKeyHere``, ``WrongSecret``, ``LockedOut``; of two who try at once
        one waits for the other.
        """
        with one_at_a_time(self.path):
            key = self.people().get(user_id)
            if key is None:
                raise no_key_here(name)
            if key.wrong_tries >= MOST_TRIES:
                raise locked_out(name)
            device_secret = keys.device_secret(self.database) if key.needs_device_secret else b""
            self.wait(seconds_to_wait(key.wrong_tries))
            self._keep(user_id, evolve(key, wrong_tries=key.wrong_tries + 1))
            try:
                private = sealing.unseal(
                    self.path,
                    people_file.context(user_id, key.public_key),
                    key.sealed,
                    secret or " ",  # nothing typed is a wrong try like another
                    device_secret=device_secret,
                )
            except WrongKey:
                raise _wrong_secret(name, key.wrong_tries + 1) from None
            self._keep(user_id, evolve(key, wrong_tries=0))
        return Ed25519Signer(private.hex())

    def reset_tries(self, user_id: UserId, name: str) -> None:
        """Forget the wrong tries. Who asks for it has been permitted to. ``NoKeyHere``."""
        with one_at_a_time(self.path):
            key = self.people().get(user_id)
            if key is None:
                raise no_key_here(name)
            self._keep(user_id, evolve(key, wrong_tries=0))

    def _keep(self, user_id: UserId, key: SealedKey) -> None:
        people_file.write(self.path, self.people() | {user_id: key})


def new_signer() -> UnlockedKey:
    """A signing key that nobody has yet."""
    return Ed25519Signer(signing.new_key())


def seconds_to_wait(wrong_tries: int) -> int:
    """Before the next try: 0 up to three wrong ones, then 1, 2, 4 … and 60 at most."""
    if wrong_tries < AT_ONCE:
        return 0
    return min(LONGEST_WAIT, 1 << (wrong_tries - AT_ONCE))


def no_key_here(name: str) -> Failure:
    """The failure of a person who has no key at this device."""
    return Failure(
        "NoKeyHere",
        N_("{user} has no passphrase of their own on this device yet, and cannot act here."),
        {"user": name},
        origin=Origin.RULE,
    )


def locked_out(name: str) -> Failure:
    """The failure of a person who has no try left."""
    return Failure(
        "LockedOut",
        N_(
            "{user} is locked out of this device: {tries} wrong tries in a row. An administrator "
            "can let them in again."
        ),
        {"user": name},
        values={"tries": MOST_TRIES},
        origin=Origin.RULE,
    )


def _wrong_secret(name: str, wrong_tries: int) -> Failure:
    left = MOST_TRIES - wrong_tries
    if left <= 0:
        return locked_out(name)
    return Failure(
        "WrongSecret",
        N_("This is not the passphrase or PIN of {user}. Tries left before a lock-out: {left}."),
        {"user": name, "left": left},
        origin=Origin.RULE,
    )
