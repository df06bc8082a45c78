"""The keys of people, and whether a plant asks for them."""

from collections.abc import Iterator

from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import access, plant
from manchengo.domain.aggregates import DEVICE, PLANT, USER
from manchengo.domain.person_keys import AdmitKey, AdmitOwnKey, KeyCommand, KeyTaken
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import DeviceRow, UserRow


def key_step(work: UnitOfWork, command: KeyCommand) -> None:
    known = work.load(USER, command.user_id)
    if isinstance(command, AdmitKey | AdmitOwnKey):
        for bearer in _other_bearers(work, command):
            raise KeyTaken(bearer=bearer)
    work.record(USER, command.user_id, access.decide(known, command))


def require_signing(work: UnitOfWork, command: plant.RequireSigning) -> None:
    work.record(PLANT, PLANT_ID, plant.decide(work.find(PLANT, PLANT_ID), command))


def _other_bearers(work: UnitOfWork, command: AdmitKey | AdmitOwnKey) -> Iterator[str]:
    """Who has or had that key otherwise than the command says."""
    for row in work.snapshot.rows(UserRow):
        for key in work.load(USER, row.id).keys:
            is_known = (row.id, key.family_id, key.withdrawn) == (
                command.user_id,
                command.family_id,
                "",
            )
            if key.public_key == command.public_key and not is_known:
                yield row.name
    for device in work.snapshot.rows(DeviceRow):
        if command.public_key in work.load(DEVICE, device.id).keys:
            yield device.name
