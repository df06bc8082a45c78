"""A person proves that they have the key which is admitted for them: the key signs its admission.

Without that, somebody could have another person's key, or one that nobody has, admitted as their
own. The judge requires a signature; whether it is valid is checked here, by every reader.
"""

from typing import TypeVar
from uuid import UUID

from attrs import evolve

from manchengo import codec
from manchengo.commands import COMMANDS, AdmitKey, AdmitOwnKey
from manchengo.domain.commit import Commit
from manchengo.domain.person_keys import possession_message
from manchengo.domain.public_key import is_sound
from manchengo.ports.signer import Signer
from manchengo_sync.signing import is_signed

KEY_NOT_PROVED = "it admits a key that did not sign for it"

ADMISSIONS = {name for name, schema in COMMANDS.items() if schema.type in (AdmitKey, AdmitOwnKey)}

Admission = TypeVar("Admission", AdmitKey, AdmitOwnKey)


def with_proof(
    command: Admission, new_key: Signer, *, plant_id: UUID | None, signed_with: bytes = b""
) -> Admission:
    """The command with the signature of the key that it admits. ``signed_with``: the key that signs
    the command, where it is an ``AdmitOwnKey``.
    """
    message = possession_message(command, plant_id=plant_id, signed_with=signed_with.hex())
    return evolve(command, proof=new_key.sign(message).hex())


def is_proved(
    command: AdmitKey | AdmitOwnKey, *, plant_id: UUID | None, signed_with: bytes = b""
) -> bool:
    """Whether the admitted key signed its admission for that plant, or for none: a device that has
    joined no plant belongs to the one that it joins later.
    """
    try:
        proof = bytes.fromhex(command.proof)
    except ValueError:
        return False
    return any(
        is_signed(
            command.public_key,
            proof,
            possession_message(command, plant_id=plant, signed_with=signed_with.hex()),
        )
        for plant in dict.fromkeys((plant_id, None))
    )


def admits_only_what_is_proved(commit: Commit) -> bool:
    """Whether the commit admits no key, or one whose proof is valid.

    True too where there is no proof or no author's signature, where this program cannot read the
    command, and for keys under which a signature proves nothing: the judge decides on those.
    """
    part = commit.authorship
    if part is None or commit.command_type not in ADMISSIONS:
        return True
    try:
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
    except codec.Unreadable:
        return True
    if not command.proof or not is_sound(command.public_key):
        return True
    return is_proved(command, plant_id=part.plant_id, signed_with=part.key)
