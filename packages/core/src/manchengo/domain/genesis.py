"""The genesis of a plant: what its founder signs first, and the id that is made of it.

The id of the plant is the fingerprint of its genesis, so nobody can pass another founder, or
another first key, for that plant.
"""

from hashlib import sha256
from uuid import RFC_4122, UUID

from attrs import frozen

from manchengo.domain.errors import Refused
from manchengo.domain.ids import DeviceId, InvitationId, UserId
from manchengo.domain.person_keys import KeyTaken

OF_A_FINGERPRINT = 8
"""The version of UUID whose bits a program makes as it likes: the id of a plant with a genesis."""

_VERSION_AND_VARIANT = (0xF << 76) | (0b11 << 62)


@frozen(kw_only=True)
class NotTheGenesis(Refused):
    """A plant is founded by the commit whose fingerprint is its id, signed by its founder, before
    anybody else is known there. ``founder``: who says that they founded it.
    """

    founder: str


@frozen(kw_only=True)
class PlantNotFounded(Refused):
    """The log of this plant begins with what its founder signed: before that nobody records."""


@frozen(kw_only=True)
class PlantAlreadyFounded(Refused):
    """A plant is founded once."""


@frozen(kw_only=True)
class FoundPlant:
    """Begins a plant, with its first administrator, who signs it with the key that it names.

    From here on everybody must sign. ``name``: of the plant, "" where it has none. ``founder_id``,
    ``founder``: the first administrator, who gives the command. ``family_id``: the first id of
    their device. ``public_key``: theirs, there; ``recovery_key``: of the invitation
    ``recovery_id``, which has no last day: its code lies in a drawer. Both are Ed25519, 32 bytes in
    hexadecimal. ``nonce``: random, so that two plants with the same names differ.

    Refused: ``AlreadyExists``, ``KeyTaken``, ``NameMissing``, ``NotAKey``, ``NotSigned``,
    ``NotTheGenesis``, ``PlantAlreadyFounded``.
    """

    name: str
    founder_id: UserId
    founder: str
    family_id: DeviceId
    public_key: str
    recovery_id: InvitationId
    recovery_key: str
    nonce: str


@frozen(kw_only=True)
class PlantFounded:
    """The genesis of the plant: what its founder said, of which the plant's id is made."""

    name: str
    founder_id: UserId
    founder: str
    family_id: DeviceId
    public_key: str
    recovery_id: InvitationId
    recovery_key: str
    nonce: str


def found(command: FoundPlant) -> PlantFounded:
    """``KeyTaken`` where both keys are one."""
    if command.recovery_key == command.public_key:
        raise KeyTaken(bearer=command.founder)
    return PlantFounded(
        name=command.name,
        founder_id=command.founder_id,
        founder=command.founder,
        family_id=command.family_id,
        public_key=command.public_key,
        recovery_id=command.recovery_id,
        recovery_key=command.recovery_key,
        nonce=command.nonce,
    )


def fingerprint(genesis: FoundPlant | PlantFounded) -> UUID:
    """The id of the plant that is founded so: SHA-256 over all that the founder says, shortened to
    the 122 bits that an id has room for. The founder's signature covers the id and what it is of.
    """
    parts = (
        "manchengo plant 1",
        genesis.name,
        str(genesis.founder_id),
        genesis.founder,
        str(genesis.family_id),
        genesis.public_key,
        str(genesis.recovery_id),
        genesis.recovery_key,
        genesis.nonce,
    )
    digest = sha256()
    for part in parts:
        digest.update(len(part.encode()).to_bytes(8, "big") + part.encode())
    number = int.from_bytes(digest.digest()[:16], "big") & ~_VERSION_AND_VARIANT
    return UUID(int=number | OF_A_FINGERPRINT << 76 | 0b10 << 62)


def is_fingerprint(plant_id: UUID) -> bool:
    """Whether the plant of that id has a genesis. A server of before drew ids of another kind."""
    return plant_id.variant == RFC_4122 and plant_id.version == OF_A_FINGERPRINT
