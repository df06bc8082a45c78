"""What a device says of a new key, for an administrator elsewhere to admit it: no secret.

One word of 150 letters, digits, ``-`` and ``_``: the first id of the device, the public key, and
the signature by which the key shows that its person has it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from manchengo.commands import AdmitKey
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.signer import Signer
from manchengo.ports.store import Snapshot
from manchengo_presenters.language import N_
from manchengo_sync.possession import is_proved, with_proof
from manchengo_workplace.failures import Failure, Origin

_ID_BYTES, _KEY_BYTES, _PROOF_BYTES = 16, 32, 64


def plant_of(snapshot: Snapshot) -> UUID | None:
    """The plant that the device has joined; None where it has joined none."""
    plant_id = snapshot.setting(PLANT_ID)
    return UUID(plant_id) if plant_id else None


def admission_of(
    signer: Signer, user_id: UserId, family_id: DeviceId, plant_id: UUID | None
) -> AdmitKey:
    """The command by which an administrator admits that key, with its proof."""
    command = AdmitKey(user_id=user_id, family_id=family_id, public_key=signer.key.hex())
    return with_proof(command, signer, plant_id=plant_id)


def written_request(admission: AdmitKey) -> str:
    """The request for that key on that device."""
    parts = (
        admission.family_id.bytes,
        bytes.fromhex(admission.public_key),
        bytes.fromhex(admission.proof),
    )
    return urlsafe_b64encode(b"".join(parts)).decode().rstrip("=")


def read_request(written: str, user_id: UserId, plant_id: UUID | None) -> AdmitKey:
    """The command that admits the key of a request as that person's. Raises ``Failure``."""
    try:
        given = written.strip().encode("ascii")
        decoded = urlsafe_b64decode(given + b"=" * (-len(given) % 4))
    except ValueError:
        decoded = b""
    key, proof = decoded[_ID_BYTES:-_PROOF_BYTES], decoded[-_PROOF_BYTES:]
    if len(decoded) == _ID_BYTES + _KEY_BYTES + _PROOF_BYTES:
        admission = AdmitKey(
            user_id=user_id,
            family_id=DeviceId(UUID(bytes=decoded[:_ID_BYTES])),
            public_key=key.hex(),
            proof=proof.hex(),
        )
        if is_proved(admission, plant_id=plant_id):
            return admission
    raise Failure(
        "NotARequest",
        N_(
            "“{given}” is not what a device says of a new key of that person. Copy all of it "
            "again, and check whose it is."
        ),
        {"given": written},
        origin=Origin.REQUEST,
    )
