"""Entries whose authors saw another log: told after an exchange, and by ``verify``."""

from typing import Any

from manchengo.application.replication.histories import Divergence
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _


def divergence_shape(divergence: Divergence) -> dict[str, Any]:
    """As JSON has it."""
    return {"entry": divergence.entry, "seen": divergence.seen, "device": str(divergence.device_id)}


def divergence_sentence(divergence: Divergence) -> str:
    """What is to be done about it."""
    return _(
        "WATCH OUT: whoever recorded entry {entry} had another log before them than this one, "
        "up to entry {seen}. A backup of the server was put back without “manchengo-server "
        "restore”, or somebody shows each device another history. Nothing is lost here: keep "
        "this database, and tell whoever looks after the server."
    ).format(entry=number(divergence.entry), seen=number(divergence.seen))
