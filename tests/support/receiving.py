"""A reception, entered on its screen."""

import asyncio

from manchengo.commands import ReceiveLot
from manchengo.domain.ids import LotId
from manchengo_presenters.screens.receptions import Receptions
from tests.support.office_in_memory import OfficeInMemory, WindowInMemory, context


def receptions(office: OfficeInMemory, window: WindowInMemory | None = None) -> Receptions:
    """The screen, with the first supplier and the first material chosen."""
    screen = Receptions(context(office, window=window))
    asyncio.run(screen.load())
    assert screen.arrivals is not None
    screen.choose("supplier", screen.arrivals.suppliers[0].key)
    screen.choose("product", screen.arrivals.materials[0].key)
    return screen


def receive(office: OfficeInMemory, litres: str = "540", *, expires: str = "") -> LotId:
    """The lot that it made."""
    window = WindowInMemory()
    screen = receptions(office, window)
    screen.put("quantity", litres)
    screen.put("expires", expires)
    asyncio.run(screen.receive())
    assert window.done, (screen.errors, screen.problem)
    command = window.done[-1].command
    assert isinstance(command, ReceiveLot)
    return command.lot_id
