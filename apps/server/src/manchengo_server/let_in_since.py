"""A device that was let in after the backup from which the server was put back.

The log does not know it yet, and it may be the only one that holds the end of that log. So while
the log is recovered, it shows by what it was let in: a commit that this server signed. That opens
nothing but handing back.
"""

from manchengo.application.replication.server_log import Offered
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot
from manchengo_server.context import ServerContext
from manchengo_server.recovery import is_recovering
from manchengo_sync.log_proofs import enrolments
from manchengo_sync.signature_runs import is_true
from manchengo_sync.signing import is_signed


def key_let_in_since(
    context: ServerContext, snapshot: Snapshot, device_id: DeviceId, shown: Offered | None
) -> str | None:
    """The public key with which this server let the device in since its backup. None where
    ``shown`` does not say so, is in the log already, or was not signed by this server; and where
    nothing is recovered.
    """
    if shown is None or not is_recovering(snapshot):
        return None
    commit = shown.commit
    own = context.plant_now(snapshot).public_device_key
    is_own_word = is_true(commit) and is_signed(own, shown.signature, commit.hash)
    if not is_own_word or snapshot.commit(commit.id) is not None:
        return None
    keys = (key for each, key, _ in enrolments(commit.events) if each == device_id)
    return next(keys, None)
