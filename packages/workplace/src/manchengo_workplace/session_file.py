"""A session of the command line: who signed in at this computer goes on acting for a while.

The file lies where the computer keeps what ends with its run, in a folder of the person who is
logged in there. It holds the unlocked signing key, sealed under the key of the database: without
the database and its key, the file is worthless. It counts for one database, one person, one start
of the computer, and as long as something is done now and then. Where a database is not encrypted,
nothing but the rights of the folder protects it.
"""

import hashlib
import hmac
import json
import os
import secrets
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from attrs import define, evolve, field, frozen

from manchengo.domain.ids import DeviceId, UserId
from manchengo_presenters.language import N_
from manchengo_sync.signing import Ed25519Signer
from manchengo_workplace.failures import Failure
from manchengo_workplace.inactivity import LastActivity

_FORMAT = 1
_NONCE_BYTES = 12
_TOUCHES_EACH_LIMIT = 60
"""The file is written again when that part of the limit has passed, and not at every command."""

_ALONE = 0o700


@define
class SessionSigner:
    """A person's key, unsealed when something is signed; implements
    ``manchengo.ports.signer.Signer``.
    """

    key: bytes
    """The public key."""

    _unseal: Callable[[], Ed25519Signer] = field(repr=False)
    _unsealed: Ed25519Signer | None = field(default=None, init=False, repr=False)

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes) of the message."""
        if self._unsealed is None:
            self._unsealed = self._unseal()
        return self._unsealed.sign(message)


@frozen(kw_only=True)
class Session:
    """``limit``: seconds without anything done after which it ends."""

    user_id: UserId
    signer: SessionSigner
    limit: float


@frozen(kw_only=True)
class _Kept:
    user_id: UserId
    public_key: str
    limit: float
    last: LastActivity
    nonce: bytes
    box: bytes


@frozen(kw_only=True)
class SessionFile:
    """``database``: for which it counts; ``family_id``: the first id of the device; ``key``: that
    of the database, None where it is in clear. ``now``: where the computer is in its run.
    """

    database: Path
    family_id: DeviceId
    key: bytes | None = field(repr=False)
    now: Callable[[], LastActivity] = LastActivity.now

    @property
    def path(self) -> Path:
        """The file: one for each database and each person who is logged in at the computer."""
        name = hashlib.sha256(os.fsencode(self.database.resolve())).hexdigest()
        return folder() / f"{name[:32]}.session"

    def begin(self, user_id: UserId, signer: Ed25519Signer, limit: float) -> None:
        """Keep the key, in the place of another session's. Raises ``Failure`` where the computer
        has no folder for it that is the person's alone.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late: it takes a moment

        _make_private(folder())
        nonce, public_key = secrets.token_bytes(_NONCE_BYTES), signer.key.hex()
        private = bytes.fromhex(signer.private_key)
        box = AESGCM(self._derived("seal")).encrypt(
            nonce, private, self._context(user_id, public_key)
        )
        self._write(
            _Kept(
                user_id=user_id,
                public_key=public_key,
                limit=limit,
                last=self.now(),
                nonce=nonce,
                box=box,
            )
        )

    def current(self) -> Session | None:
        """The session that goes on, None where there is none; this is something done in it."""
        kept = self._read()
        if kept is None:
            return None
        now = self.now()
        if not kept.last.is_within(kept.limit, now):
            self.end()
            return None
        if now.at - kept.last.at >= kept.limit / _TOUCHES_EACH_LIMIT:
            with suppress(OSError):  # it only ends earlier than it might
                self._write(evolve(kept, last=now))
        signer = SessionSigner(bytes.fromhex(kept.public_key), lambda: self._unsealed(kept))
        return Session(user_id=kept.user_id, signer=signer, limit=kept.limit)

    def end(self) -> bool:
        """Forget the key; whether there was a session."""
        try:
            self.path.unlink()
        except OSError:
            return False
        return True

    def _unsealed(self, kept: _Kept) -> Ed25519Signer:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        context = self._context(kept.user_id, kept.public_key)
        private = AESGCM(self._derived("seal")).decrypt(kept.nonce, kept.box, context)
        return Ed25519Signer(private.hex())

    def _context(self, user_id: UserId, public_key: str) -> bytes:
        return f"manchengo session {_FORMAT} {self.family_id} {user_id} {public_key}".encode()

    def _derived(self, purpose: str) -> bytes:
        label = f"manchengo session {_FORMAT} {purpose} {self.family_id}".encode()
        return hmac.digest(self.key or bytes(32), label, "sha256")

    def _proof(self, document: dict[str, Any]) -> str:
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
        return hmac.digest(self._derived("proof"), canonical, "sha256").hex()

    def _read(self) -> _Kept | None:
        """What the file says; None where there is none of ours for this database."""
        if not _is_private(folder()):
            return None
        try:
            document = json.loads(self.path.read_bytes())
            proof = document.pop("proof")
            if not hmac.compare_digest(proof, self._proof(document)):
                return None
            return _Kept(
                user_id=UserId(UUID(document["user"])),
                public_key=document["public_key"],
                limit=document["limit"],
                last=LastActivity(boot=document["boot"], at=document["at"]),
                nonce=bytes.fromhex(document["nonce"]),
                box=bytes.fromhex(document["key"]),
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _write(self, kept: _Kept) -> None:
        document = {
            "version": _FORMAT,
            "user": str(kept.user_id),
            "public_key": kept.public_key,
            "limit": kept.limit,
            "boot": kept.last.boot,
            "at": kept.last.at,
            "nonce": kept.nonce.hex(),
            "key": kept.box.hex(),
        }
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:
            json.dump(document | {"proof": self._proof(document)}, file)
        os.replace(draft, self.path)


def folder() -> Path:
    """Where the sessions of whoever is logged in at this computer lie."""
    from platformdirs import user_runtime_path  # late: not needed where nobody signs in

    with warnings.catch_warnings():
        # That it goes elsewhere, where the usual folder is open to others, is no news for a person.
        warnings.simplefilter("ignore", UserWarning)
        return user_runtime_path("manchengo", appauthor=False)


def _make_private(path: Path) -> None:
    try:
        path.mkdir(_ALONE, parents=True, exist_ok=True)
    except OSError:
        raise _no_place(path) from None
    if not _is_private(path):
        raise _no_place(path)


def _is_private(path: Path) -> bool:
    """Whether it is a folder that is its owner's alone, and the owner is who runs this."""
    try:
        found = path.lstat()
    except OSError:
        return False
    if os.name == "nt":  # there a person's folders are theirs
        return path.is_dir()
    is_ours = found.st_uid == os.geteuid() and not found.st_mode & 0o077
    return is_ours and path.is_dir() and not path.is_symlink()


def _no_place(path: Path) -> Failure:
    return Failure(
        "NoPlaceForSession",
        N_(
            "No session can be kept: {path} is no folder of yours alone. Nothing is lost: "
            "identify yourself each time, or have whoever looks after this computer put it right."
        ),
        {"path": str(path)},
    )
