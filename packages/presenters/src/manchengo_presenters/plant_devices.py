"""The devices of the plant, as people list them."""

from manchengo.application.handlers.devices import families
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot


def devices(snapshot: Snapshot) -> list[DeviceRow]:
    """Those that people work at: the mark of the server's own is no letter. Each with the copies of
    its database behind it.
    """
    rows = {row.id: row for row in snapshot.rows(DeviceRow) if row.mark.isalpha()}
    groups = families(UnitOfWork(snapshot))
    return [rows[each] for group in groups for each in group if each in rows]
