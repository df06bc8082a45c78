"""What a command left and what is unlikely about it, in JSON."""

from collections.abc import Iterable
from typing import Any

from manchengo import Commit
from manchengo.application.doubts import Doubt
from manchengo_presenters.doubts import sentence


def commit_shape(command: Any, commit: Commit, doubts: Iterable[Doubt]) -> dict[str, Any]:
    """What a command left, in JSON."""
    return {
        "commit": str(commit.id),
        "command": commit.command_type,
        "on": commit.on.isoformat(),
        "codes": codes_of(command),
        "events": [
            {
                "id": str(event.id),
                "type": event.event_type,
                "aggregate": event.aggregate_type,
                "aggregate_id": str(event.aggregate_id),
            }
            for event in commit.events
        ],
        "warnings": [warning_shape(doubt) for doubt in doubts],
    }


def warning_shape(doubt: Doubt) -> dict[str, Any]:
    """What is unlikely about a command, in JSON."""
    return {"warning": type(doubt).__name__, "message": sentence(doubt)}


def codes_of(command: Any) -> dict[str, Any]:
    """The codes of what the command made: ``{"lot": …}``, ``{"order": …, "lots": […]}``."""
    made: dict[str, Any] = {}
    code = getattr(command, "code", None)
    for kind in ("lot", "delivery", "order", "supplier", "client", "product"):
        if code is not None and hasattr(command, f"{kind}_id"):
            made[kind] = code
            break
    outputs = getattr(command, "outputs", None)
    if outputs is not None:
        made["lots"] = [output.code for output in outputs]
    return made
