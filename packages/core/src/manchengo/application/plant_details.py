"""The particulars of the plant of this log, for labels, papers and pages."""

from attrs import evolve

from manchengo.application.founding import genesis_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import PLANT_DETAILS
from manchengo.domain.plant_details import NOTHING_KNOWN, PLANT_DETAILS_ID, PlantDetails
from manchengo.ports.store import Snapshot


def plant_details_of(snapshot: Snapshot) -> PlantDetails:
    """What is known of the plant; its name is that of its founding until another one is recorded.
    Raises ``NeedsNewerProgram`` where a newer program wrote there.
    """
    known = UnitOfWork(snapshot).find(PLANT_DETAILS, PLANT_DETAILS_ID) or NOTHING_KNOWN
    founded = genesis_of(snapshot)
    return known if known.name or founded is None else evolve(known, name=founded.name)
