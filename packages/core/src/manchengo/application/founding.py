"""A plant whose id is a fingerprint begins by its genesis, and nobody records there before it.

Asked, like all that is asked about an author, by the judge and by every reader of the log.
"""

from uuid import UUID

from manchengo import codec
from manchengo.application.unit_of_work import NeedsNewerProgram, UnitOfWork, decoded
from manchengo.domain.aggregates import PLANT
from manchengo.domain.genesis import (
    FoundPlant,
    NotTheGenesis,
    PlantAlreadyFounded,
    PlantFounded,
    fingerprint,
    is_fingerprint,
)
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.person_keys import NotSigned
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import UserRow
from manchengo.ports.settings import PLANT_ID as OWN_PLANT_ID
from manchengo.ports.store import Snapshot


def genesis_of(snapshot: Snapshot) -> PlantFounded | None:
    """By what the plant of this log was founded, the first that is recorded of it; None for a plant
    of before.
    """
    first = snapshot.stream(PLANT_ID)[:1]
    try:
        (founded,) = decoded(first) or [None]
    except codec.Unreadable:
        return None
    return founded if isinstance(founded, PlantFounded) else None


def awaits_its_genesis(work: UnitOfWork) -> bool:
    """Whether the plant has one by its id, and the log does not hold it yet."""
    known = work.snapshot.setting(OWN_PLANT_ID)
    if not known or not is_fingerprint(UUID(known)):
        return False
    try:
        return _genesis(work) is None
    except NeedsNewerProgram:  # a newer program recorded something about it: it was founded
        return False


def check_genesis(
    work: UnitOfWork,
    command: FoundPlant,
    *,
    user_id: UserId,
    key: bytes | None,
    family_id: DeviceId | None,
) -> None:
    """``NotSigned``, ``PlantAlreadyFounded`` or ``NotTheGenesis`` unless the plant of this log is
    founded by that command of that author, and nobody is known there. Where a store is of no plant
    yet, it may be any.
    """
    if _genesis(work) is not None:
        raise PlantAlreadyFounded
    if key is None:
        raise NotSigned(user=command.founder)
    is_by_the_founder = (user_id, key.hex(), family_id) == (
        command.founder_id,
        command.public_key,
        command.family_id,
    )
    plant_id = work.snapshot.setting(OWN_PLANT_ID)
    is_of_this_plant = plant_id in (None, str(fingerprint(command)))
    is_first = next(work.snapshot.rows(UserRow, limit=1), None) is None
    if not (is_by_the_founder and is_of_this_plant and is_first):
        raise NotTheGenesis(founder=command.founder)


def _genesis(work: UnitOfWork) -> PlantFounded | None:
    plant = work.find(PLANT, PLANT_ID)
    return None if plant is None else plant.genesis
