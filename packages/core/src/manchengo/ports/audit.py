"""What the log of commits does not say: who was refused what, who copied or rebuilt the database.

Actions themselves are commits, with their author; they are not written twice.
"""

from datetime import datetime

from attrs import frozen

from manchengo.domain.ids import DeviceId, UserId


@frozen(kw_only=True)
class AuditEntry:
    """``action``: the stored name of a command, or of work on the database. ``facts``: JSON."""

    at: datetime
    user_id: UserId
    device_id: DeviceId
    action: str
    outcome: str
    facts: str
