"""A recall practised: the same list as in earnest, and nothing of it but a record in the audit."""

from datetime import datetime, timedelta

import msgspec
from attrs import frozen

from manchengo import RecallReport, StartingLots
from manchengo_workplace.workplace import Workplace

ACTION = "recall.drilled"
MINUTE = timedelta(minutes=1)


@frozen(kw_only=True)
class RecallDrill:
    """A drill that has begun. ``begun_at``: by the clock of the workplace."""

    begun_at: datetime

    @classmethod
    def begun(cls, workplace: Workplace) -> "RecallDrill":
        """A drill that begins now."""
        return cls(begun_at=workplace.clock.now())

    def end(self, workplace: Workplace, start: StartingLots, report: RecallReport) -> int:
        """Notes in the audit who practised with what, how far it reached, and how many minutes it
        took, begun ones counted whole; returns the minutes.
        """
        minutes = max(1, -(-(workplace.clock.now() - self.begun_at) // MINUTE))
        facts = {
            "reference": start.code or start.supplier,
            "kind": start.kind,
            "on": start.on,
            "begun_with": [each.lot for each in report.lots[: len(start.lots)]],
            "lots": len(report.lots),
            "deliveries": len(report.shipments),
            "clients": len(report.clients),
            "minutes": minutes,
        }
        workplace.note(ACTION, msgspec.json.encode(facts).decode())
        return minutes
