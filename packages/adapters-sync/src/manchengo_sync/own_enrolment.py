"""By what the server let this device in: its own signed commit, which the log here holds.

A server that was put back from a backup of before does not know the device, and is shown it.
"""

from manchengo.application.replication.server_log import Offered
from manchengo.ports.store import Snapshot
from manchengo_sync.log_proofs import ENROLLED
from manchengo_sync.settings import known_as


def own_enrolment(snapshot: Snapshot) -> Offered | None:
    """The commit that last let in the id by which the server knows this device, with the server's
    signature; None where the log does not hold it.
    """
    for event in reversed(snapshot.stream(known_as(snapshot))):
        if event.event.event_type == ENROLLED:
            entry = snapshot.entry(event.commit_id)
            if entry is not None:
                return Offered(commit=entry.commit, signature=entry.signature)
    return None
