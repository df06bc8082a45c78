"""Two people of a plant, their devices and keys; and a device whose program asks for no proof."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from manchengo import Actor, Commit, Manchengo, Role
from manchengo.application import committing
from manchengo.commands import AdmitKey, EnrolDevice, RegisterUser, RequireSigning
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import UserId
from manchengo.ports.signer import Signer
from tests.support.dairy import A_DAIRY
from tests.support.given import Step, one_by_one
from tests.support.plant import BOSS, Device, Plant
from tests.support.signers import signer_of

AMINA, KARIM = BOSS, UserId(UUID(int=200))
AT_THE_OFFICE, IN_THE_VAN = signer_of("Amina"), signer_of("Karim")


def plant_of_two(plant: Plant | None = None) -> Plant:
    """Amina, administrator, has the office and a key there; Karim, driver, has the phone."""
    plant = plant or Plant()
    office, phone = plant.device(), plant.device()
    office.signer = phone.signer = None
    office.does(
        A_DAIRY,
        RegisterUser(user_id=AMINA, name="Amina", roles=frozenset({Role.ADMIN})),
        RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({Role.DRIVER})),
        enrolled(office, AMINA),
        enrolled(phone, KARIM),
        AdmitKey(user_id=AMINA, family_id=office.id, public_key=public(AT_THE_OFFICE)),
    )
    office.signer = AT_THE_OFFICE
    plant.settle()
    return plant


def public(signer: Signer) -> str:
    return signer.key.hex()


def enrolled(device: Device, user_id: UserId, *, mark: str = "") -> EnrolDevice:
    key = public(signer_of("device", device.id))
    return EnrolDevice(
        device_id=device.id, name=str(device.id), mark=mark, public_key=key, user_id=user_id
    )


def recorded(
    device: Device, user_id: UserId, signer: Signer | None, *steps: Step, role: Role = Role.ADMIN
) -> list[Commit]:
    """As the program at that device records it for whoever says that they are that user."""
    actor = Actor(user_id=user_id, device_id=device.id, roles=frozenset({role}))
    dairy = Manchengo(device.store, clock=device.clock, ids=device.ids, actor=actor, signer=signer)
    return [dairy.execute(step) for step in one_by_one(steps)]


@contextmanager
def another_program() -> Iterator[None]:
    """On a device whose program asks for no proof: only the log can refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(committing, "check_author", lambda *_: None)
        yield


def forced(plant: Plant, device: Device, *recording: object) -> LogEntry:
    """The entry of the log for what such a device records and sends."""
    with another_program():
        (commit,) = recorded(device, *recording)  # type: ignore[arg-type]
    device.push()
    return next(entry for entry in reversed(plant.after(0, 1_000)) if entry.commit == commit)


def require(plant: Plant) -> None:
    plant.devices[0].does(RequireSigning())
    plant.settle()
