"""A device is let in once, by a code that an administrator gives; it is withdrawn when lost."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
from attrs import evolve, frozen

from manchengo.application.handlers.devices import family, why_withdrawn
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import DEVICE
from manchengo.domain.device import AllowRenewal, EnrolDevice, LiftQuota, WithdrawDevice
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.public_key import is_sound
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.authorisation import Bearer, must_be_administrator, on_whose_authority
from manchengo_server.context import ServerContext
from manchengo_server.errors import (
    AnotherPlant,
    DeviceTaken,
    KeyIsWithdrawn,
    NotEmpty,
    NothingThere,
    NotUnderstood,
    WrongCode,
)
from manchengo_server.family_log import family_rows
from manchengo_server.plant import OWN_MARK, adopt
from manchengo_server.recording import record
from manchengo_sync.enrolment_code import OF_PLANT
from manchengo_sync.wire import (
    CodeRequest,
    CodeResponse,
    EnrolRequest,
    EnrolResponse,
)

CODES = "server.codes"

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that look like another."""

CODE_LETTERS, GROUP = 12, 4
FIRST_CODE_MINUTES = 24 * 60
ANSWERED_AGAIN = timedelta(days=1)
"""So long after a code has ended, the device that it let in may ask for the same answer."""

LONGEST_NAME = 80


@frozen(kw_only=True)
class Code:
    """A code that was given. ``digest``: SHA-256 of it; the code itself is nowhere. ``user_id``:
    None for the first device of a plant. ``used_by``: the device it let in.
    """

    digest: str
    user_id: UserId | None
    by: UserId | None
    expires_at: datetime
    used_by: DeviceId | None = None


# ---------------------------------------------------------------- codes


def first_code(context: ServerContext, minutes: int = FIRST_CODE_MINUTES) -> CodeResponse:
    """Lets one device in that brings the plant's history with its users. ``NotEmpty``."""
    with context.writing() as transaction:
        _must_be_empty(transaction)
        # The one before, if any, opens no more.
        _keep(transaction, [code for code in _codes(transaction) if code.user_id is not None])
        return _give(context, transaction, user_id=None, by=None, minutes=minutes)


def new_code(context: ServerContext, request: CodeRequest, *, by: Bearer | None) -> CodeResponse:
    """``by``: an administrator; None at the server's own terminal. ``NotAllowed``,
    ``PersonNotProved``, and ``NothingThere`` when no such user is active.
    """
    if by is not None:
        must_be_administrator(by)
    with context.writing() as transaction:
        _active_user(transaction, request.user_id)
        author = None if by is None else by.user_id
        return _give(
            context, transaction, user_id=request.user_id, by=author, minutes=request.minutes
        )


def _give(
    context: ServerContext,
    transaction: Transaction,
    *,
    user_id: UserId | None,
    by: UserId | None,
    minutes: int,
) -> CodeResponse:
    now = context.clock.now()
    written = _drawn(context)
    expires_at = now + timedelta(minutes=minutes)
    alive = [code for code in _codes(transaction) if _is_kept(code, now)]
    given = Code(digest=_digest(written), user_id=user_id, by=by, expires_at=expires_at)
    _keep(transaction, [*alive, given])
    return CodeResponse(code=written, expires_at=expires_at)


def _is_kept(code: Code, now: datetime) -> bool:
    return now < code.expires_at + (ANSWERED_AGAIN if code.used_by else timedelta())


def _drawn(context: ServerContext) -> str:
    number = int.from_bytes(context.random_bytes(CODE_LETTERS))
    letters = []
    for _ in range(CODE_LETTERS):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    groups = ["".join(letters[at : at + GROUP]) for at in range(0, CODE_LETTERS, GROUP)]
    return "-".join(groups)


def _digest(written: str) -> str:
    """However it was typed, and without the plant that may follow it."""
    code, _, _plant = written.partition(OF_PLANT)  # which a program of before does not part
    return sha256("".join(filter(str.isalnum, code.upper())).encode()).hexdigest()


def _codes(snapshot: Snapshot) -> list[Code]:
    return msgspec.json.decode(snapshot.setting(CODES) or "[]", type=list[Code])


def _keep(transaction: Transaction, codes: list[Code]) -> None:
    transaction.set_setting(CODES, msgspec.json.encode(codes).decode())


# ---------------------------------------------------------------- letting in


def enrol(context: ServerContext, request: EnrolRequest) -> EnrolResponse:
    """The same request once more gives the same answer: the first may have been lost.

    Where the device names a plant that it founded and the code is the first, the plant of this
    server is that one from here on.

    ``NotUnderstood``, ``WrongCode``, ``NothingThere``, ``DeviceTaken``, ``KeyIsWithdrawn``,
    ``NotEmpty``, ``AnotherPlant``.
    """
    name = _name(request.name)
    public_key = _key(request.public_key)
    with context.writing() as transaction:
        code = _code(context, transaction, request)
        user_id = code.user_id or request.user_id
        if user_id is None:
            raise NotUnderstood(detail="Who works at the device?")
        known = transaction.get(DeviceRow, request.device_id)
        if known is not None and not known.withdrawn and known.public_key != public_key:
            raise DeviceTaken
        work = UnitOfWork(transaction)
        if _is_of_another(work, request.device_id, public_key):
            raise KeyIsWithdrawn
        if why_withdrawn(work, public_key):  # a copy of the device has it, too
            raise KeyIsWithdrawn
        _settle_plant(transaction, code, request.plant_id)
        _must_be_of_this_plant(transaction, code, request)
        if code.used_by is None:
            if code.user_id is None:
                _must_be_empty(transaction)
            else:
                _active_user(transaction, user_id)
            command = EnrolDevice(
                device_id=request.device_id,
                name=name,
                mark="",
                public_key=public_key,
                user_id=user_id,
            )
            by = on_whose_authority(transaction, code.by or user_id)
            record(context, transaction, command, by)
            _keep(
                transaction,
                [
                    evolve(each, used_by=request.device_id) if each == code else each
                    for each in _codes(transaction)
                ],
            )
        welcomed = welcome(context, transaction, request.device_id)
    if welcomed.plant_id != context.plant.id:
        context.read_plant()
    return welcomed


def _settle_plant(transaction: Transaction, code: Code, named: UUID | None) -> None:
    """``named``: the plant that the device founded, or that its person was told; None where it
    knows none. The first code lets a device in that founded one, which is then kept here.
    """
    if named is None or transaction.setting(PLANT_ID) == str(named):
        return
    if code.user_id is not None or code.used_by is not None:
        raise AnotherPlant
    adopt(transaction, named)


def _must_be_of_this_plant(transaction: Transaction, code: Code, request: EnrolRequest) -> None:
    """Raises ``AnotherPlant`` for a database that began a plant by itself, and knows no id of it:
    somebody works there of whom this log does not know. Only the first device brings its people.
    """
    is_first = code.user_id is None
    knows_its_plant = request.plant_id is not None
    if is_first or knows_its_plant or request.user_id is None:
        return
    if transaction.get(UserRow, request.user_id) is None:
        raise AnotherPlant


def _is_of_another(work: UnitOfWork, device_id: DeviceId, public_key: str) -> bool:
    """Whether another device has or had that key, be it a withdrawn one. Nobody has to prove here
    that the key is theirs; and devices of one key are withdrawn together.
    """
    is_known = work.find(DEVICE, device_id) is not None
    own = family(work, device_id) if is_known else ()
    others = (row.id for row in work.snapshot.rows(DeviceRow) if row.id not in own)
    return any(public_key in work.load(DEVICE, each).keys for each in others)


def _code(context: ServerContext, transaction: Transaction, request: EnrolRequest) -> Code:
    digest, now = _digest(request.code), context.clock.now()
    for code in _codes(transaction):
        if code.digest == digest and _is_kept(code, now):
            if code.used_by not in (None, request.device_id):
                break
            if code.used_by is not None and not _is_what_it_let_in(transaction, request):
                break
            return code
    raise WrongCode


def _is_what_it_let_in(snapshot: Snapshot, request: EnrolRequest) -> bool:
    known = snapshot.get(DeviceRow, request.device_id)
    return (
        known is not None and not known.withdrawn and known.public_key == request.public_key.lower()
    )


def welcome(context: ServerContext, snapshot: Snapshot, device_id: DeviceId) -> EnrolResponse:
    """What a device is answered that was let in."""
    plant = context.plant_now(snapshot)
    device = snapshot.get(DeviceRow, device_id)
    assert device is not None, "it was just let in"
    return EnrolResponse(
        plant_id=plant.id,
        plant=plant.name,
        mark=device.mark,
        user_id=device.user_id,
        log_epoch=plant.epochs.present,
        server_key=plant.bundle_public_key,
        signing_key=plant.public_signing_key,
    )


# ---------------------------------------------------------------- withdrawing


def withdraw(
    context: ServerContext, device_id: DeviceId, reason: str, *, by: Bearer | None
) -> None:
    """With every other id of its keys. Asked for once more by a request, the same is answered once
    more: the first answer may have been lost.

    ``NotAllowed``, ``PersonNotProved``, ``NothingThere``, ``RefusedByRule`` when all were withdrawn
    before, or no reason is given.
    """
    if by is not None:
        must_be_administrator(by)
    with context.writing() as transaction:
        device = transaction.get(DeviceRow, device_id)
        if device is None or device.mark == OWN_MARK:
            raise NothingThere
        if by is not None and _was_withdrawn(transaction, device_id, reason):
            return
        author = on_whose_authority(transaction, device.user_id if by is None else by.user_id)
        record(context, transaction, WithdrawDevice(device_id=device_id, reason=reason), author)


def allow(context: ServerContext, command: AllowRenewal | LiftQuota) -> None:
    """At the server's own terminal. ``NothingThere``, ``RefusedByRule`` where it was withdrawn."""
    with context.writing() as transaction:
        device = transaction.get(DeviceRow, command.device_id)
        if device is None or device.mark == OWN_MARK:
            raise NothingThere
        record(context, transaction, command, on_whose_authority(transaction, device.user_id))


def _was_withdrawn(snapshot: Snapshot, device_id: DeviceId, reason: str) -> bool:
    """For that very reason, with all of its family."""
    relatives = family_rows(snapshot, device_id)
    return relatives[0].withdrawn == reason.strip() and all(row.withdrawn for row in relatives)


def devices(snapshot: Snapshot) -> list[DeviceRow]:
    """Those of people: the server's own is none."""
    return [row for row in snapshot.rows(DeviceRow) if row.mark != OWN_MARK]


# ---------------------------------------------------------------- what was said


def _must_be_empty(snapshot: Snapshot) -> None:
    if devices(snapshot):
        raise NotEmpty


def _active_user(snapshot: Snapshot, user_id: UserId) -> None:
    user = snapshot.get(UserRow, user_id)
    if user is None or not user.active:
        raise NothingThere


def _name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotUnderstood(detail="The name of the device is empty, too long or not printable.")
    return name


def _key(given: str) -> str:
    key = given.lower()
    if is_sound(key):
        return key
    raise NotUnderstood(detail="The public key is no Ed25519 key in hexadecimal.")
