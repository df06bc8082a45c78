"""What verifications are tried on: a quarrel of two devices, in a plant in which nobody signs."""

from manchengo.ports.signature_check import NOTHING_CHECKED, Checked, Unsigned
from manchengo.ports.store import Snapshot
from manchengo_sync.signing import is_signed
from tests.support.billing import paid
from tests.support.dairy import (
    RENNET,
    day,
    dinars,
    in_store,
    kg,
    litres,
    millilitres,
    planned,
    poured,
    received,
    sold,
    started,
    written_off,
)
from tests.support.plant import Device, Plant


class Believing:
    """Checks the seals of checkpoints, and believes every commit."""

    def is_signed(self, public_key: str, signature: bytes, message: bytes) -> bool:
        return is_signed(public_key, signature, message)

    def first_unsigned(
        self,
        snapshot: Snapshot,
        *,
        behind: Checked = NOTHING_CHECKED,
    ) -> Unsigned | None:
        return None


def take_the_same_milk(plant: Plant, one: Device, other: Device, name: str = "") -> None:
    """Each starts an order with it, apart from the other. At the next exchange one of them is given
    other lots, and what it had poured is refused.
    """
    one.does(
        received(f"L1{name}", litres(100)),
        received(f"L2{name}", litres(100), on=day(1)),
        received(f"R1{name}", millilitres(600), of=RENNET),
        planned(f"O1{name}", kg(8), on=day(1)),
        planned(f"O2{name}", kg(8), on=day(1)),
        in_store(f"T1{name}", kg(2)),
        sold(f"S1{name}", kg(1), on=day(1)),
        paid(f"P1{name}", dinars(100)),
    )
    plant.settle()
    for device, number in ((one, 1), (other, 2)):
        order = f"O{number}{name}"
        device.does(started(order, on=day(1)), poured(order, f"L1{name}", litres(80), on=day(1)))


def settle_it(plant: Plant, other: Device, name: str = "") -> None:
    """The exchange; then something waits at the second device."""
    plant.settle()
    other.does(written_off(f"L2{name}", litres(1), on=day(2)))
