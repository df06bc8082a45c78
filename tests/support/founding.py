"""The genesis of a plant, the same on every run."""

from typing import Any

from attrs import evolve

from manchengo.commands import FoundPlant
from manchengo.domain.ids import DeviceId, InvitationId, UserId
from manchengo.ports.signer import Signer
from tests.support.dairy import an_id
from tests.support.signers import signer_of


def a_genesis(
    device_id: DeviceId, *, founder_id: UserId, signer: Signer, **otherwise: Any
) -> FoundPlant:
    """As that person gives it at that device, with that key; but for ``otherwise``."""
    genesis = FoundPlant(
        name="Laiterie des Oliviers",
        founder_id=founder_id,
        founder="Amina",
        family_id=device_id,
        public_key=signer.key.hex(),
        recovery_id=InvitationId(an_id("the recovery key")),
        recovery_key=signer_of("the recovery key").key.hex(),
        nonce="7c" * 32,
    )
    return evolve(genesis, **otherwise)
