"""A working day on one device: whatever people do at a dairy, by chance.

Everything is asked by what this device's own rows say, which may be out of date, or never true.
"""

from collections.abc import Callable
from contextlib import suppress

from tests.simulation import making, registering, selling
from tests.simulation.day import Day, Deed, NothingThere

IDEAS = 4


WORK: dict[Callable[[Day], Deed], float] = {
    making.receive: 8,
    making.produce: 12,
    making.plan: 6,
    making.start: 9,
    making.pour: 14,
    making.take_back: 3,
    making.complete: 8,
    making.cancel_production: 3,
    making.reopen_production: 3,
    selling.sell: 8,
    selling.place: 3,
    selling.confirm: 6,
    selling.cancel_sale: 3,
    selling.close_sale: 2,
    selling.reopen_sale: 3,
    selling.deliver: 8,
    selling.prepare: 5,
    selling.load: 8,
    selling.unload: 3,
    selling.dispatch: 6,
    selling.stay: 1,
    selling.confirm_reception: 3,
    selling.reopen_van: 2,
    selling.come_back: 5,
    making.count: 6,
    making.take_back_count: 2,
    making.correct: 4,
    making.enter_opening_stock: 2,
    making.void: 3,
    making.write_off: 7,
    making.send_back: 2,
    making.quarantine: 2,
    making.block: 2,
    making.release: 4,
    making.recall: 1,
    registering.price: 5,
    registering.change_client: 4,
    registering.change_supplier: 2,
    registering.change_plant_details: 1,
    registering.density: 1,
    registering.register_client: 2,
    registering.register_price_list: 1,
    registering.set_price: 5,
    registering.register_supplier: 2,
    registering.archive: 1,
    selling.draft_invoice: 2,
    selling.issue_invoice: 2,
    selling.credit: 1,
    selling.be_paid: 2,
    selling.allocate_payment: 3,
    selling.void_payment: 1,
    registering.register_user: 1,
    registering.change_roles: 1,
    registering.deactivate: 1,
    registering.admit_key: 2,
    registering.invite: 1,
    registering.begin_to_sign: 2,
    registering.withdraw_key: 0.3,
    registering.require_signing: 0.3,
    registering.import_file: 3,
    registering.undo_import: 3,
    registering.resolve: 14,
}


def something(day: Day) -> tuple[str, Deed] | None:
    """What somebody does next, by name; None when nothing that comes to mind is possible."""
    for chosen in day.random.choices([*WORK], weights=[*WORK.values()], k=IDEAS):
        with suppress(NothingThere):
            return chosen.__name__, chosen(day)
    return None
