"""What the audit keeps of each scan: the task, what the code was, what came of it, and why not."""

from enum import StrEnum
from typing import Any

import msgspec
from attrs import frozen

from manchengo.application.refusals import audited_facts
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Refused
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry
from manchengo.ports.store import Transaction
from manchengo_workplace.scan_reading import Scanned, Source
from manchengo_workplace.workplace import Workplace

SHOWN_OF_A_CODE = 64
"""Characters that are kept of a code that could not be read."""


class Task(StrEnum):
    """What is being done when codes are scanned. Stored in the action of each record."""

    LOOK = "look"
    RECEIVE = "receive"
    POUR = "pour"
    LOAD = "load"
    COUNT = "count"
    HAND_OVER = "hand_over"


@frozen(kw_only=True)
class ScanRecord:
    """``subject_code``: the order or delivery that the task is about; "" where it is about none.
    ``scanned``: None where the text could not be read. ``reason``: what the person said of it.
    """

    task: Task
    text: str
    subject_code: str = ""
    scanned: Scanned | None = None
    reason: str = ""

    def note_done(
        self, transaction: Transaction, workplace: Workplace, commit: Commit | None = None
    ) -> None:
        """Keep that it was done, in the transaction that does it. ``commit``: by which."""
        facts = self._facts() | ({"commit": str(commit.id)} if commit else {})
        entry = self._entry(workplace, "done", {"scan": facts})
        audit_chain.note(transaction, entry)

    def note_refused(self, workplace: Workplace, refusal: Refused, command: object = None) -> None:
        """Keep that it was refused, and by which rule."""
        facts = msgspec.json.decode(audited_facts(refusal, command))
        entry = self._entry(workplace, type(refusal).__name__, facts | {"scan": self._facts()})
        workplace.store.note(entry)

    def _facts(self) -> dict[str, Any]:
        subject = self.scanned.subject if self.scanned else None
        facts = {
            "source": (self.scanned.source if self.scanned else Source.NONE).value,
            "kind": self.scanned.kind if self.scanned else "",
            "id": str(subject.id) if subject is not None else "",
            "code": subject.code if subject is not None else self.text[:SHOWN_OF_A_CODE],
            "for": self.subject_code,
            "reason": self.reason,
        }
        return {name: value for name, value in facts.items() if value}

    def _entry(self, workplace: Workplace, outcome: str, facts: dict[str, Any]) -> AuditEntry:
        return AuditEntry(
            at=workplace.clock.now(),
            user_id=workplace.proved_user_id,
            device_id=workplace.actor.device_id,
            action=f"scan.{self.task}",
            outcome=outcome,
            facts=msgspec.json.encode(facts).decode(),
        )
