"""The author's part of a commit: who recorded it, on which device, and what they had seen."""

from uuid import UUID

from attrs import evolve

from manchengo import codec
from manchengo.commands import Command, FoundPlant
from manchengo.domain.commit import NO_HASH, NO_SIGNATURE, Authorship, Commit, Seen
from manchengo.domain.genesis import fingerprint
from manchengo.domain.ids import DeviceId
from manchengo.ports.settings import COPY_OF, DEVICE, FORMER_DEVICES, LOG_EPOCH, PLANT_ID
from manchengo.ports.signer import Signer
from manchengo.ports.store import Snapshot, Transaction

LAST_AUTHORED = "last_authored."
"""The setting, followed by a key in hexadecimal, that holds the last commit signed with that key
here: its sequence, a space, and its ``codec.authored_hash`` in hexadecimal.
"""


def own_devices(snapshot: Snapshot) -> set[DeviceId]:
    """The ids under which this database ever wrote."""
    names = " ".join(
        snapshot.setting(name) or "" for name in (DEVICE, FORMER_DEVICES, COPY_OF)
    ).split()
    return {DeviceId(UUID(name)) for name in names}


def former_devices(snapshot: Snapshot) -> set[DeviceId]:
    """The ids under which this database wrote before it had the one of today."""
    present = snapshot.setting(DEVICE)
    return {each for each in own_devices(snapshot) if str(each) != present}


def family_of(snapshot: Snapshot, device_id: DeviceId) -> DeviceId:
    """The first id that the device ever had: the same for all that were renewed or copied from it.

    ``device_id``: the id under which it writes now.
    """
    former = (snapshot.setting(FORMER_DEVICES) or "").split()
    return DeviceId(UUID(former[0])) if former else device_id


def plant_of(snapshot: Snapshot, command: Command) -> UUID | None:
    """For which plant the command is signed: the one that the database belongs to, or that it
    founds; None where it belongs to none.
    """
    if isinstance(command, FoundPlant):
        return fingerprint(command)
    plant_id = snapshot.setting(PLANT_ID)
    return UUID(plant_id) if plant_id else None


def signed_by_author(
    transaction: Transaction, commit: Commit, signer: Signer, *, plant_id: UUID | None
) -> Commit:
    """The commit with its author's part, which follows the last one of that key on this device.
    ``plant_id``: as ``plant_of`` has it.

    The commit must not be changed afterwards, but for what carries it: device, sequence, seal.
    """
    sequence, previous = _last_authored(transaction, signer.key)
    authorship = Authorship(
        key=signer.key,
        family_id=family_of(transaction, commit.device_id),
        plant_id=plant_id,
        sequence=sequence + 1,
        previous=previous,
        seen=Seen(
            log_epoch=transaction.setting(LOG_EPOCH) or "",
            global_seq=transaction.cursor(),
            log_hash=transaction.log_hash(),
        ),
        signature=NO_SIGNATURE,
    )
    authored = codec.authored_hash(commit, authorship)
    transaction.set_setting(
        LAST_AUTHORED + signer.key.hex(), f"{authorship.sequence} {authored.hex()}"
    )
    return evolve(commit, authorship=evolve(authorship, signature=signer.sign(authored)))


def _last_authored(snapshot: Snapshot, key: bytes) -> tuple[int, bytes]:
    known = snapshot.setting(LAST_AUTHORED + key.hex())
    if known is None:
        return 0, NO_HASH
    sequence, authored = known.split()
    return int(sequence), bytes.fromhex(authored)
