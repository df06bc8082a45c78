"""The server's own word in the log: a device let in, a device withdrawn.

The server writes as a device, with a chain and a key of its own. What it decides stands at the head
of the log at once, so it is in its place as soon as it is written.
"""

from manchengo.application.committing import Committer, admit
from manchengo.application.replication.server_log import confirm_own
from manchengo.commands import Command
from manchengo.domain.access import Actor, Role
from manchengo.domain.commit import Commit
from manchengo.domain.device import EnrolDevice
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId, UserId
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Transaction
from manchengo_server.context import ServerContext
from manchengo_server.errors import RefusedByRule
from manchengo_server.plant import OWN_MARK, Plant
from manchengo_server.recovery import must_not_be_recovering
from manchengo_sync import signing

OWN_NAME = "serveur"


def record(
    context: ServerContext, transaction: Transaction, command: Command, by: UserId
) -> Commit:
    """Decide and append at the head of the log. Raises ``RefusedByRule`` when a rule refuses,
    ``Recovering`` while the log is recovered.
    """
    must_not_be_recovering(transaction)
    plant = context.plant_now(transaction)
    if transaction.get(DeviceRow, plant.device_id) is None:
        _write(context, transaction, plant, _myself(plant, by), by)
    try:
        return _write(context, transaction, plant, command, by)
    except Refused as refusal:
        raise RefusedByRule(refusal=type(refusal).__name__) from refusal


def _myself(plant: Plant, by: UserId) -> EnrolDevice:
    return EnrolDevice(
        device_id=plant.device_id,
        name=OWN_NAME,
        mark=OWN_MARK,
        public_key=plant.public_device_key,
        user_id=by,
    )


def _write(
    context: ServerContext, transaction: Transaction, plant: Plant, command: Command, by: UserId
) -> Commit:
    committer = Committer(
        actor=Actor(user_id=by, device_id=plant.device_id, roles=frozenset({Role.ADMIN})),
        clock=context.clock,
        ids=context.ids,
        state_cache=context.state_cache,
        is_server=True,
    )
    admitted = admit(committer.actor, command)
    commit = committer.execute(transaction, admitted, CommitId(context.ids.new()))
    confirm_own(transaction, commit, signature=signing.sign(plant.device_key, commit.hash))
    return commit
