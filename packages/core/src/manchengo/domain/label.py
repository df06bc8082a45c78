"""A label is a printed code that says on what it is stuck: a lot, an order, a delivery."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from attrs import field, frozen, validators

from manchengo.domain.errors import Refused


class LabelKind(StrEnum):
    """What a label is stuck on; the values are stored, and never change."""

    RAW_MATERIAL_LOT = "LOT_MP"
    FINISHED_LOT = "LOT_PF"
    PRODUCTION_ORDER = "ORDER"
    DELIVERY = "DELIVERY"


@frozen(kw_only=True)
class Label:
    """What a label says: the kind and id of its subject and, if they were printed, the last day and
    the code of the lot, to be read where the device has not heard of the lot yet.
    """

    kind: LabelKind
    subject: UUID
    expires_on: date | None = None
    batch: str = field(default="", validator=validators.max_len(40))


@frozen(kw_only=True)
class NotALabel(Refused):
    """It has not the form of our labels, and is no supplier's code. ``scanned``: its beginning."""

    scanned: str


@frozen(kw_only=True)
class KeyboardInArabic(Refused):
    """The scanner types like a keyboard, and the computer expects Arabic letters from it."""

    scanned: str


@frozen
class LabelNotAuthentic(Refused):
    """The form of a label, but not its signature: printed by another dairy, or misread."""


@frozen
class LabelKeyUnknown(Refused):
    """It was signed under a key of the site that this device does not have, or not yet."""


@frozen
class LabelKeyRevoked(Refused):
    """It was signed under a key of the site that is no longer trusted: print the label again."""


@frozen(kw_only=True)
class WrongKindOfLabel(Refused):
    """A label, but not of what is to be scanned now. ``wanted``: what is; ``given``, ``code``: what
    it is stuck on.
    """

    wanted: tuple[LabelKind, ...]
    given: LabelKind
    code: str


@frozen(kw_only=True)
class WrongLabel(Refused):
    """A label of the right kind, but of another one. ``wanted``, ``given``: their codes."""

    label_kind: LabelKind
    wanted: str
    given: str


@frozen(kw_only=True)
class KeptForOthers(Refused):
    """All that is left of this lot is reserved for other orders. ``orders``: their codes."""

    lot: str
    orders: tuple[str, ...]


@frozen(kw_only=True)
class ScannedAlready(Refused):
    """All that is proposed of this lot was recorded before. ``task``: the code of the order or the
    delivery; ``lot``: that of the lot.
    """

    task: str
    lot: str
