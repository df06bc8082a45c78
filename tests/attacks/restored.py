"""A server that runs on what was in a backup, and waits for its devices."""

from typing import Any

import pytest
from attrs import define

from manchengo.domain.commit import LogEntry
from manchengo.ports.rows import DeviceRow
from manchengo.ports.settings import DEVICE
from manchengo_server.recovery import PIECE
from manchengo_server.service import Service
from manchengo_sync.link import Recovering
from tests.attacks.lying import Plant, Reader, Straight
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import as_it_was, log_of

A_MORNING = (*A_DAIRY, received("L1", litres(100)))


@define
class Restored:
    """``before``: the log that was lost; ``kept``: how many entries of it the backup has."""

    plant: Plant
    before: list[LogEntry]
    kept: int

    @property
    def service(self) -> Service:
        return self.plant.server.service

    @property
    def reader(self) -> Reader:
        return self.plant.reader

    def log(self) -> list[LogEntry]:
        return log_of(self.service)

    def left(self) -> dict[str, str]:
        """The settings in which tails wait until they are whole."""
        with self.service.context.reading() as snapshot:
            names = [
                f"{PIECE}{device.id}.{number}"
                for device in snapshot.rows(DeviceRow)
                for number in range(len(self.before))
            ]
            found = {name: snapshot.setting(name) for name in names}
        return {name: kept for name, kept in found.items() if kept is not None}


def hands_back(reader: Reader) -> int:
    with pytest.raises(Recovering) as recovering:
        reader.syncs()
    return recovering.value.returned


def lost(plant: Plant, backup: list[LogEntry]) -> Restored:
    """As an operator does it: the server runs on what was in the backup."""
    before, context = plant.log(), plant.server.service.context
    store = as_it_was(plant.server.service, backup).context.store
    with store.writing() as transaction:
        transaction.set_setting(DEVICE, str(context.ids.new()))
        kept = transaction.cursor()
    how: dict[str, Any] = {"clock": context.clock, "ids": context.ids}
    service = Service.open(store, random_bytes=context.random_bytes, **how)
    plant.server.service = plant.office.service = service
    plant.reader.link = Straight(service)
    return Restored(plant, before, kept)
