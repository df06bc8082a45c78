"""Who tried what and was refused, who opened what: what the log of commits does not say.

Actions themselves are commits, with their author; they are not written twice.
"""

from datetime import datetime

from attrs import frozen

from manchengo.domain.ids import DeviceId, UserId


@frozen(kw_only=True)
class AuditEntry:
    """``action``: the stored name of a command, or of an access. ``facts``: JSON."""

    at: datetime
    user_id: UserId
    device_id: DeviceId
    action: str
    outcome: str
    facts: str
