"""The last day on which a plant of before still believes what its people do not sign.

A clock proves nothing, that of a device to the server no more than the server's to a device. So the
day is compared with what stands in the log: the stamps of its entries, of which none is much later
than when the server received its commit. Everybody who holds the same log says the same.
"""

from datetime import date

from manchengo.application.hlc import instant_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import PLANT
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot

USUAL_DAYS = 90
"""For how many days people may go without a key, unless it is said otherwise."""


def of(snapshot: Snapshot) -> date | None:
    """That day; None where the plant has none."""
    plant = UnitOfWork(snapshot).find(PLANT, PLANT_ID)
    return None if plant is None else plant.unsigned_until


def is_past(work: UnitOfWork) -> bool:
    """Whether the log has gone on beyond that day; False in a plant that has none."""
    plant = work.find(PLANT, PLANT_ID)
    if plant is None or plant.unsigned_until is None:
        return False
    reached = day_reached(work.snapshot)
    return reached is not None and reached > plant.unsigned_until


def day_reached(snapshot: Snapshot) -> date | None:
    """The latest day, in UTC, of the last entry of each device in the log; None where no stamp
    tells. The stamps of a device grow, so the last one is its latest; where one goes back, those
    of all others remain.
    """
    last = (snapshot.last_entry_by(row.id) for row in snapshot.rows(DeviceRow))
    instants = (instant_of(entry.hlc_eff) for entry in last if entry is not None)
    return max((each.date() for each in instants if each is not None), default=None)
