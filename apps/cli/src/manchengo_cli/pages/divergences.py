"""Entries whose authors saw another log: told after an exchange, and by ``verify``."""

from typing import Any

from manchengo.application.replication.histories import Parted
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _


def parted_shape(parted: Parted) -> dict[str, Any]:
    """As JSON has it."""
    return {"entry": parted.entry, "seen": parted.seen, "device": str(parted.device_id)}


def parted_sentence(parted: Parted) -> str:
    """What is to be done about it."""
    return _(
        "WATCH OUT: whoever recorded entry {entry} had another log before them than this one, "
        "up to entry {seen}. A backup of the server was put back without “manchengo-server "
        "restore”, or somebody shows each device another history. Nothing is lost here: keep "
        "this database, and tell whoever looks after the server."
    ).format(entry=number(parted.entry), seen=number(parted.seen))
