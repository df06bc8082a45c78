"""The resolution queue: what waits for a person, and what it claims to have happened."""

from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.domain.ids import CommitId, DeviceId, ProductId, ResolutionItemId, UserId
from manchengo.ports.rows.registers import DeviceRow, UserRow
from manchengo.ports.rows.row import CODE_KEY, Row
from manchengo.ports.rows.table import Named


@frozen(kw_only=True)
class ResolutionItemRow(Row):
    """A rejected or parked commit, until a person decides.

    ``status``: "open" or "closed". ``closed_by``: the way, or "judged"; empty while open.
    ``recorded_at``: the author's clock, ISO. ``facts``: what the refusal carried, JSON.
    """

    TABLE = "resolution_items"
    AGGREGATE = "resolution"
    LOOK_UPS = ("matter", "status")
    WORDS = ("status",)
    SORTED = ("day", "recorded_at")
    NAMES = (
        Named("user_id", (UserRow,)),
        Named("device_id", (DeviceRow,)),
    )
    id: ResolutionItemId
    commit_id: CommitId
    matter: str
    status: str
    command_type: str
    refusal: str
    facts: str
    user_id: UserId
    device_id: DeviceId
    recorded_at: str
    day: date
    closed_by: str
    reason: str


@frozen(kw_only=True)
class ClaimRow(Row):
    """A fact that such a commit claims. ``open``: nobody has decided on it yet."""

    TABLE = "resolution_claims"
    AGGREGATE = "resolution"
    KEY = ("item_id", "number")
    LOOK_UPS = ("subject", "cause", "code_key")
    item_id: ResolutionItemId
    number: int
    kind: str
    subject: UUID
    cause: UUID | None
    code: str
    product_id: ProductId | None
    quantity: int
    unit: str
    day: date
    open: bool
    code_key: str = CODE_KEY
