"""What waits to be sent is known thing by thing."""

from uuid import UUID

from manchengo.application.unsent import unsent
from tests.support.dairy import A_DAIRY, litres, lot_id, received, written_off
from tests.support.plant import Device, Plant

LOTS = {code: lot_id(code) for code in ("L1", "L2", "L3")}


def waiting(device: Device) -> set[str]:
    with device.store.reading() as snapshot:
        found: frozenset[UUID] = unsent(snapshot, LOTS.values())
    return {code for code, its_id in LOTS.items() if its_id in found}


def test_a_lot_waits_until_the_log_of_the_plant_has_it() -> None:
    plant = Plant()
    office, floor = plant.device(), plant.device()
    office.does(A_DAIRY, received("L1", litres(100)), received("L2", litres(50)))
    assert waiting(office) == {"L1", "L2"}, "L3 is nowhere"
    plant.settle()
    assert (waiting(office), waiting(floor)) == (set(), set())


def test_a_lot_that_was_sent_waits_again_once_something_happens_to_it() -> None:
    plant = Plant()
    office, floor = plant.device(), plant.device()
    office.does(A_DAIRY, received("L1", litres(100)), received("L2", litres(50)))
    plant.settle()
    floor.does(written_off("L2", litres(1)), received("L3", litres(10)))
    assert (waiting(floor), waiting(office)) == ({"L2", "L3"}, set())
