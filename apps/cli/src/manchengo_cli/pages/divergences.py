"""Entries whose authors saw another log, as JSON: told after an exchange, and by ``verify``."""

from typing import Any

from manchengo.application.replication.histories import Divergence


def divergence_shape(divergence: Divergence) -> dict[str, Any]:
    """As JSON has it."""
    return {"entry": divergence.entry, "seen": divergence.seen, "device": str(divergence.device_id)}
