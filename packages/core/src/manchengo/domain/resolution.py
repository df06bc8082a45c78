"""The resolution queue: what was recorded and does not stand as it was, until a person has decided.

An item opens with the verdict on a commit and closes by a command; what it is about stays in the
log for ever. A claim is a fact of a rejected commit: the milk was poured all the same.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID, uuid5

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.access import is_author_refusal, may_be_accepted
from manchengo.domain.errors import Refused, WrongState, reason_given
from manchengo.domain.ids import (
    CommitId,
    DeviceId,
    LotId,
    ProductId,
    ResolutionItemId,
    UserId,
)
from manchengo.domain.values import Quantity


class Matter(StrEnum):
    """Why a person must look: refused by a rule, not readable yet, or written by two at once."""

    REJECTED = "rejected"
    PARKED = "parked"
    CONTESTED = "contested"


class Way(StrEnum):
    """How an item is closed: given up; recorded again as it was, with another lot or with another
    code; or accepted, though its author's key or rights had ended, because its author signed it.
    """

    VOID = "void"
    RETRY = "retry"
    ACCEPT = "accept"
    OTHER_LOT = "other_lot"
    OTHER_CODE = "other_code"


class ClaimKind(StrEnum):
    """What a refused commit says was done on the floor."""

    RECEIVED = "received"
    POURED = "poured"
    TAKEN_BACK = "taken_back"
    PRODUCED = "produced"
    PREPARED = "prepared"
    LOADED = "loaded"
    UNLOADED = "unloaded"
    DELIVERED = "delivered"
    RETURNED = "returned"
    SENT_BACK = "sent_back"
    WRITTEN_OFF = "written_off"
    COUNTED = "counted"
    TOUCHED = "touched"


@frozen(kw_only=True)
class Claim:
    """One fact that a refused commit claims.

    ``subject``: the lot (PREPARED: the delivery; TOUCHED: whatever a commit that cannot be read
    was about). ``cause``: the order, delivery, supplier (PREPARED: the client) it is tied to.
    ``code``: the subject's own (POURED: the order's), where the commit says it.
    """

    kind: ClaimKind
    subject: UUID
    cause: UUID | None
    code: str
    product_id: ProductId | None
    quantity: Quantity | None


@frozen(kw_only=True)
class ResolveItem:
    """Closes an item. ``lot_id`` goes with OTHER_LOT, ``code`` with OTHER_CODE. Recording the
    command of the item again needs the permission of that command, too. ACCEPT also needs the
    permission to manage keys.

    Refused: ``CannotResolveSo``, ``ReasonMissing``, ``WrongState``, and what the command recorded
    again meets.
    """

    item_id: ResolutionItemId
    way: Way
    reason: str
    on: date
    lot_id: LotId | None = None
    code: str = ""


@frozen(kw_only=True)
class ReportReusedId:
    """What a device recorded under an id that the log gives to another command.

    It does nothing, and a person decides on it: it is always refused, and its item opens. In the
    log it asks for the permission of the command that it reports, as the device makes it for
    whoever gave that one; who gives it by hand needs ``resolve``. ``command``: the bytes of that
    command, of version ``command_version``, as they were stored. The events are those that were
    recorded.

    Refused: ``CommandIdReused``.
    """

    command_id: CommitId
    command_type: str
    command_version: int
    command: bytes


@frozen(kw_only=True)
class SetAsideParked:
    """What nobody here can read holds nothing up any more, and nobody judges it, until it is taken
    up again. It stays in the log as it is, and its item with it.

    Refused: ``NotParked``, ``ReasonMissing``, ``WrongState``.
    """

    item_id: ResolutionItemId
    reason: str
    on: date


@frozen(kw_only=True)
class TakeUpParked:
    """What was set aside waits again for a program that can read it.

    Refused: ``ReasonMissing``, ``WrongState``.
    """

    item_id: ResolutionItemId
    reason: str
    on: date


ResolutionCommand = ResolveItem | ReportReusedId | SetAsideParked | TakeUpParked


@frozen(kw_only=True)
class ItemOpened:
    """``refusal`` is the name of the refusal, ``facts`` (JSON) its facts."""

    item_id: ResolutionItemId
    commit_id: CommitId
    matter: Matter
    command_type: str
    refusal: str
    facts: str
    claims: tuple[Claim, ...]
    user_id: UserId
    device_id: DeviceId
    recorded_at: datetime
    on: date


@frozen(kw_only=True)
class ItemJudgedAgain:
    """A parked commit was judged. ``matter`` None: it was accepted, nothing is left to do."""

    matter: Matter | None
    refusal: str
    facts: str
    claims: tuple[Claim, ...]


@frozen(kw_only=True)
class ItemResolved:
    """Somebody decided the item in this way."""

    way: Way
    reason: str
    on: date


@frozen(kw_only=True)
class ItemSetAside:
    """Somebody set the parked commit aside."""

    reason: str
    on: date


@frozen(kw_only=True)
class ItemTakenUp:
    """Somebody took up again what was set aside."""

    reason: str
    on: date


ResolutionEvent = ItemOpened | ItemJudgedAgain | ItemResolved | ItemSetAside | ItemTakenUp

SET_ASIDE = "set_aside"
"""How an item is closed that was set aside. It is stored."""

OPEN = "open"
"""The state of an item on which nobody has decided."""


@frozen(kw_only=True)
class CannotResolveSo(Refused):
    """That way of resolving does not apply to this item."""

    way: Way
    command_type: str
    refusal: str


@frozen(kw_only=True)
class NotParked(Refused):
    """Only what nobody here can read is set aside. ``command_type``: of what was recorded."""

    command_type: str


@frozen(kw_only=True)
class ResolutionItem:
    """``closed``: how it was closed, a ``Way``, "judged" or ``SET_ASIDE``; empty while it is
    open.
    """

    opened: ItemOpened
    matter: Matter
    refusal: str
    facts: str
    claims: tuple[Claim, ...]
    closed: str = ""
    reason: str = ""

    @property
    def id(self) -> ResolutionItemId:
        """That of the event that opened it."""
        return self.opened.item_id


def item_id_of(commit_id: CommitId) -> ResolutionItemId:
    """One commit, one item, under the same id on every device."""
    return ResolutionItemId(uuid5(commit_id, "resolution"))


def resolve(item: ResolutionItem, command: ResolveItem) -> tuple[ResolutionEvent, ...]:
    """Closes an open item in a way that fits it, with a reason."""
    if item.closed:
        raise _wrong_state(item, step=command.way)
    if not _fits(item, command):
        raise CannotResolveSo(
            way=command.way, command_type=item.opened.command_type, refusal=item.refusal
        )
    reason = reason_given(command.reason, "resolve")
    return (ItemResolved(way=command.way, reason=reason, on=command.on),)


def set_aside(item: ResolutionItem, command: SetAsideParked) -> tuple[ResolutionEvent, ...]:
    """Closes the item of a parked commit that nobody can judge, with a reason."""
    if item.closed:
        raise _wrong_state(item, step=SET_ASIDE)
    if item.matter is not Matter.PARKED:
        raise NotParked(command_type=item.opened.command_type)
    return (ItemSetAside(reason=reason_given(command.reason, SET_ASIDE), on=command.on),)


def take_up(item: ResolutionItem, command: TakeUpParked) -> tuple[ResolutionEvent, ...]:
    """Opens again an item that was set aside."""
    if item.closed != SET_ASIDE:
        raise _wrong_state(item, step="take_up")
    return (ItemTakenUp(reason=reason_given(command.reason, "take_up"), on=command.on),)


def _wrong_state(item: ResolutionItem, *, step: str) -> WrongState:
    return WrongState(
        kind="resolution",
        id=item.id,
        code=item.opened.command_type,
        state=item.closed or OPEN,
        step=step,
    )


def _fits(item: ResolutionItem, command: ResolveItem) -> bool:
    """What nobody can read is not done again, nor by proxy what its author had no right to do."""
    match command.way:
        case Way.VOID:
            return True
        case Way.ACCEPT:
            return may_be_accepted(item.refusal)
        case Way.RETRY:
            asked_for = True
        case Way.OTHER_LOT:
            asked_for = command.lot_id is not None
        case Way.OTHER_CODE:
            asked_for = bool(command.code.strip())
        case _:
            assert_never(command.way)
    return asked_for and item.matter is not Matter.PARKED and not is_author_refusal(item.refusal)


def evolve(item: ResolutionItem | None, event: ResolutionEvent) -> ResolutionItem:
    """The item after the event."""
    if isinstance(event, ItemOpened):
        return ResolutionItem(
            opened=event,
            matter=event.matter,
            refusal=event.refusal,
            facts=event.facts,
            claims=event.claims,
        )
    assert item is not None, "an item is opened before anything else happens to it"
    match event:
        case ItemJudgedAgain():
            return changed(
                item,
                matter=event.matter or item.matter,
                refusal=event.refusal,
                facts=event.facts,
                claims=event.claims,
                closed="" if event.matter else "judged",
            )
        case ItemResolved():
            return changed(item, closed=event.way.value, reason=event.reason)
        case ItemSetAside():
            return changed(item, closed=SET_ASIDE, reason=event.reason)
        case ItemTakenUp():
            return changed(item, closed="", reason="")
        case _:
            assert_never(event)
