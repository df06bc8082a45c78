"""What the rules would say of a command, before anybody gives it."""

from manchengo.application.decide import decide
from manchengo.application.permitted_snapshot import whole
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command
from manchengo.domain.errors import Refused
from manchengo.ports.store import Snapshot


def refusal_of(snapshot: Snapshot, command: Command) -> Refused | None:
    """Why the rules would refuse it now; None where they would not. Nothing is recorded, and nobody
    is asked for a right.
    """
    try:
        decide(UnitOfWork(whole(snapshot)), command)
    except Refused as refusal:
        return refusal
    return None
