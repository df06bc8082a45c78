"""The result of an exchange."""

from datetime import date, timedelta

from attrs import define, evolve, field, frozen

from manchengo.domain.ids import CommitId, DeviceId
from manchengo_sync.apply_entries import Applied
from manchengo_sync.link import LinkError
from manchengo_sync.wire import Age

TOO_LARGE = "too_large"


@frozen(kw_only=True)
class Withheld:
    """A commit that the server did not take. What its device wrote after it is not offered either,
    for now. ``code``: one of ``Fault``, or ``TOO_LARGE``.
    """

    commit_id: CommitId
    code: str


@define(kw_only=True)
class Exchanged:
    """The result of an exchange.

    ``applied``: what was new here. ``head``: where the server's log ends; ``more``: entries of it
    are still to be fetched; ``pending``: how many commits wait here. ``too_old``: the server takes
    no commits from this program any more; ``server_too_old``: none yet. ``log_reset``: the server's
    log was another one, and what it lacks is offered again; ``is_unannounced``: under the same
    epoch, as nobody said ``restore`` at the server; ``disowned``: how many entries it had signed as
    its log, and began another epoch without. ``device_id``: the new id, where this device
    had a twin. ``program``: its age beside the server's. ``clock_ahead``: this device's clock, of
    the server's; nothing where it is about right. ``server_key``: the fingerprint of the server's
    key, where it was pinned just now; "" where it was known; ``is_key_replaced``: it came for the
    one that was known, as an administrator signed. ``audit_parted``: the server held other records
    of this device's audit in the place of some, and keeps both. ``audit_returned``: how many
    records of it the server gave back to this restored database; ``audit_missing_until``: the day
    up to which it should have, and did not. ``broken_off``: the failure that
    ended the exchange before its end; all that is counted here was stored before it.
    """

    applied: Applied = field(factory=Applied)
    withheld: list[Withheld] = field(factory=list)
    head: int = 0
    more: bool = False
    pending: int = 0
    too_old: bool = False
    server_too_old: bool = False
    log_reset: bool = False
    is_unannounced: bool = False
    disowned: int = 0
    device_id: DeviceId | None = None
    program: Age = Age.SAME
    clock_ahead: timedelta = timedelta()
    server_key: str = ""
    is_key_replaced: bool = False
    audit_parted: bool = False
    audit_returned: int = 0
    audit_missing_until: date | None = None
    broken_off: LinkError | None = None

    @property
    def sent(self) -> int:
        """How many commits that waited here were seen in the server's log."""
        return self.applied.own

    @property
    def is_over(self) -> bool:
        """Nothing is left to exchange, or the last round trip changed nothing."""
        moved = self.applied.received or self.log_reset or self.device_id is not None
        return not moved or not (self.more or self.pending)

    @property
    def is_worth_reporting(self) -> bool:
        """Whether the exchange changed or withheld anything."""
        is_new = self.device_id is not None
        return bool(self.applied.received or self.withheld or self.log_reset or is_new)

    def then(self, later: "Exchanged") -> "Exchanged":
        """Both, as one."""
        return evolve(
            later,
            applied=self.applied.then(later.applied),
            log_reset=self.log_reset or later.log_reset,
            is_unannounced=self.is_unannounced or later.is_unannounced,
            disowned=self.disowned + later.disowned,
            device_id=later.device_id or self.device_id,
            server_key=later.server_key or self.server_key,
            is_key_replaced=later.is_key_replaced or self.is_key_replaced,
            audit_parted=self.audit_parted or later.audit_parted,
            audit_returned=self.audit_returned + later.audit_returned,
            audit_missing_until=later.audit_missing_until or self.audit_missing_until,
        )
