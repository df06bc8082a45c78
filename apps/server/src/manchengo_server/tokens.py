"""A device proves itself with its key, and is given a token for a quarter of an hour.

The challenge carries its own proof, so asking for one stores nothing. Once answered, it is
remembered with whom it was answered by until it is too old, and answers nobody else: the same
answer once more, as after a lost one or from a proxy that doubles it, is given a token again.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
import msgspec
from attrs import frozen

from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.authorisation import Bearer, SignedBy, active_device, bearer
from manchengo_server.context import ServerContext
from manchengo_server.errors import DeviceIsWithdrawn, ForgedToken, NoToken, NotProved, Recovering
from manchengo_server.let_in_since import key_let_in_since
from manchengo_server.recovery import is_recovering, must_not_be_recovering
from manchengo_server.token_keys import LIFE, TokenKeys
from manchengo_sync.signing import is_signed
from manchengo_sync.wire import (
    CHALLENGE_SECONDS,
    Challenge,
    TokenRequest,
    TokenResponse,
    person_message,
    token_message,
)

WITHIN = timedelta(seconds=CHALLENGE_SECONDS)
USED_NONCES = "server.nonces"
ALGORITHM = "HS256"

_RANDOM_BYTES = 16
_TIME_BYTES = 8
_NONCE_BYTES = _RANDOM_BYTES + _TIME_BYTES


def challenge(context: ServerContext) -> Challenge:
    """A nonce that holds the instant and a MAC of the server's, so that nothing needs to be stored
    until it comes back.
    """
    drawn = context.random_bytes(_RANDOM_BYTES) + _milliseconds(context.clock.now()).to_bytes(
        _TIME_BYTES
    )
    with context.reading() as snapshot:
        keys = TokenKeys.read(snapshot, context.wrapping)
    return Challenge(nonce=urlsafe_b64encode(drawn + _proof(keys.present, drawn)).decode())


def token(context: ServerContext, request: TokenRequest) -> TokenResponse:
    """Raises ``NotProved``, ``UnknownDevice``, ``DeviceIsWithdrawn``, ``UserIsWithdrawn``;
    ``Recovering`` where the device may become known yet, and does not show by what it was let in.
    """
    now = context.clock.now()
    with context.reading() as snapshot:
        keys = TokenKeys.read(snapshot, context.wrapping)
    asked_at = _asked_at(keys.readable(now), request.nonce)
    if asked_at is None or abs(_milliseconds(now) - asked_at) > WITHIN // _MILLISECOND:
        raise NotProved
    message = token_message(request.nonce, request.device_id, request.user_id)
    with context.reading() as snapshot:
        signed_by = _signed_by(request)
        public_key, known = _proved(context, snapshot, request, message, signed_by)
    with context.writing(durable=False) as transaction:
        owner = sha256(bytes.fromhex(public_key) + message).hexdigest()
        _use_up(transaction, request.nonce, owner, asked_at, _milliseconds(now))
    return TokenResponse(
        token=_signed(context, keys.present, known, public_key, signed_by, now),
        seconds=int(LIFE.total_seconds()),
        roles=tuple(sorted(known.roles)),
    )


def _proved(
    context: ServerContext,
    snapshot: Snapshot,
    request: TokenRequest,
    message: bytes,
    signed_by: SignedBy | None,
) -> tuple[str, Bearer]:
    """The key by which the device proved itself, and who it is. A device that is withdrawn here, or
    has another key, may have been let in again since the backup.
    """
    since = key_let_in_since(context, snapshot, request.device_id, request.enrolment)
    if since is not None:
        if not is_signed(since, request.signature, message):
            raise NotProved
        return since, _who_hands_back(request.device_id, request.user_id)
    try:
        public_key = active_device(snapshot, request.device_id).public_key
        if not is_signed(public_key, request.signature, message):
            raise NotProved
    except (DeviceIsWithdrawn, NotProved):
        if request.enrolment is None:
            must_not_be_recovering(snapshot)
        raise
    return public_key, bearer(snapshot, request.device_id, signed_by)


def _signed_by(request: TokenRequest) -> SignedBy | None:
    """Who signed the request; None where nobody says so. Raises ``NotProved``."""
    if not request.person_key:
        return None
    message = person_message(request.nonce, request.device_id, request.user_id)
    if not is_signed(request.person_key, request.person_signature, message):
        raise NotProved
    return SignedBy(user_id=request.user_id, key=request.person_key)


def admit(context: ServerContext, given: str) -> Bearer:
    """Whose token it is, as they stand now: what it says of a person and roles is not believed.
    A device that the log does not know yet is to ask for another one, and so is one that has
    another key by now.
    """
    with context.reading() as snapshot:
        claims = _read(context, snapshot, given)
        if not claims.hands_back:
            try:
                known = bearer(snapshot, claims.sub, claims.signed_by)
            except Recovering as unknown:
                raise NoToken from unknown
            if active_device(snapshot, claims.sub).public_key != claims.key:
                raise NoToken
            return known
        if not is_recovering(snapshot):
            raise NoToken
        return _who_hands_back(claims.sub, claims.user)


def _who_hands_back(device_id: DeviceId, user_id: UserId) -> Bearer:
    return Bearer(
        device_id=device_id, user_id=user_id, roles=frozenset(), is_proved=False, hands_back=True
    )


# ---------------------------------------------------------------- the token


@frozen(kw_only=True)
class Claims:
    """What a token says: plant (``iss``), device (``sub``), user, roles; from when (``iat``) until
    when (``exp``), in seconds since 1970. ``key``: by which the device proved itself; it is let in
    under no other. ``signed_by``: who signed for it, None where nobody did. ``hands_back``: as
    ``Bearer`` has it.
    """

    iss: UUID
    sub: DeviceId
    user: UserId
    roles: tuple[str, ...]
    iat: int
    exp: int
    key: str = ""
    signed_by: SignedBy | None = None
    hands_back: bool = False


def _signed(
    context: ServerContext,
    key: bytes,
    known: Bearer,
    public_key: str,
    signed_by: SignedBy | None,
    now: datetime,
) -> str:
    claims: dict[str, Any] = {
        "iss": str(context.plant.id),
        "sub": str(known.device_id),
        "user": str(known.user_id),
        "roles": sorted(known.roles),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "key": public_key,
    }
    if known.hands_back:
        claims["hands_back"] = True
    elif signed_by is not None:
        claims["signed_by"] = {"user_id": str(signed_by.user_id), "key": signed_by.key}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


# Times are checked against the clock of the server, which need not be the machine's.
_OPTIONS: Any = {
    "require": ["iss", "sub", "user", "iat", "exp"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


def _read(context: ServerContext, snapshot: Snapshot, given: str) -> Claims:
    keys = TokenKeys.read(snapshot, context.wrapping).readable(context.clock.now())
    claims = next(filter(None, (_signed_with(key, given) for key in keys)), None)
    if claims is None:
        raise ForgedToken
    now = context.clock.now().timestamp()
    if claims.iss != context.plant.id or not claims.iat - LIFE.total_seconds() <= now < claims.exp:
        raise NoToken
    return claims


def _signed_with(key: bytes, given: str) -> Claims | None:
    try:
        payload = jwt.decode(given, key, algorithms=[ALGORITHM], options=_OPTIONS)
        return msgspec.convert(payload, Claims)
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError, RecursionError):
        return None


# ---------------------------------------------------------------- the challenge

_MILLISECOND = timedelta(milliseconds=1)


def _milliseconds(at: datetime) -> int:
    return max(0, int(at.timestamp() * 1000))


def _proof(key: bytes, drawn: bytes) -> bytes:
    return hmac.digest(key, b"challenge" + drawn, sha256)


class _Used(msgspec.Struct, array_like=True, frozen=True):
    """``owner``: by whom; a server of before kept the hour alone."""

    asked_at: int
    owner: str


def _asked_at(keys: Sequence[bytes], nonce: str) -> int | None:
    """When this server gave that challenge; None when it never did, under none of these keys."""
    try:
        challenge = urlsafe_b64decode(nonce.encode())
    except ValueError:
        return None
    drawn, proof = challenge[:_NONCE_BYTES], challenge[_NONCE_BYTES:]
    if not any(hmac.compare_digest(proof, _proof(key, drawn)) for key in keys):
        return None
    return int.from_bytes(drawn[_RANDOM_BYTES:])


def _use_up(transaction: Transaction, nonce: str, owner: str, asked_at: int, now: int) -> None:
    """Raises ``NotProved`` when the challenge was used for another answer. ``owner``: the answer
    and its key. Compares the decoded nonce: the same bytes have several
    spellings in base64.
    """
    drawn = urlsafe_b64decode(nonce.encode()).hex()
    used = msgspec.json.decode(
        transaction.setting(USED_NONCES) or "{}", type=dict[str, _Used | int]
    )
    alive = {
        each: by
        for each, by in used.items()
        if isinstance(by, _Used) and abs(now - by.asked_at) <= 2 * (WITHIN // _MILLISECOND)
    }
    before = alive.setdefault(drawn, _Used(asked_at, owner))
    if before.owner != owner:
        raise NotProved
    transaction.set_setting(USED_NONCES, msgspec.json.encode(alive).decode())
