"""Gives a device back what it noted itself, and lacks since it was put back from a backup.

It is found from its end, by the hash that the log has of it, back to what the device still holds.
Whatever is on that way and is of another device ends it, so that nobody reads another's audit.
"""

from collections.abc import Iterator

from attrs import define

from manchengo.domain.ids import DeviceId
from manchengo.ports.audit import AuditHead, AuditRecord
from manchengo.ports.store import Snapshot
from manchengo_server.context import ServerContext
from manchengo_server.device_audit import BYTES_OF_A_ROW
from manchengo_server.family_log import family_rows
from manchengo_sync.audit_pages import AuditWanted, SentRecord

MOST_BYTES = 4 * 1024 * 1024
"""Of the records that are read for one answer: a device asks again for the rest."""


def returned(
    context: ServerContext, wanted: AuditWanted, *, by: DeviceId
) -> tuple[SentRecord, ...]:
    """The records of that device that follow what it holds, up to the last of the heads that lead
    back to it; none where no head does, or where that is more than one answer may hold.
    """
    found: list[AuditRecord] = []
    here = AuditHead(wanted.sequence, wanted.after)
    with context.reading() as snapshot:
        way = _Way(snapshot, frozenset(row.id for row in family_rows(snapshot, by)))
        for head in wanted.up_to:
            run = list(way.back(head, to=here))
            if run and run[-1].previous == here.hash:
                found.extend(reversed(run))
                here = AuditHead(run[0].sequence, run[0].hash)
    return tuple(SentRecord.of(record) for record in found)


@define
class _Way:
    """``own``: all ids of the device; ``read``: bytes of the records read so far."""

    snapshot: Snapshot
    own: frozenset[DeviceId]
    read: int = 0

    def back(self, head: bytes, *, to: AuditHead) -> Iterator[AuditRecord]:
        """From the record with the hash ``head`` on, each with the one before it, as far as they
        are the device's own and come after ``to``.
        """
        named = head
        while named != to.hash:
            received = self.snapshot.received_audit_under(named)
            if received is None or self.read > MOST_BYTES:
                return
            record = received.record
            if record.sequence <= to.sequence or record.entry.device_id not in self.own:
                return
            self.read += BYTES_OF_A_ROW + len(record.entry.facts.encode())
            yield record
            named = record.previous
