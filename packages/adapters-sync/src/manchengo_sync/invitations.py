"""The code of an invitation, and the key that is made from it: the log holds its public half.

A code is written down and typed in by people, so it has few letters, and none that looks like
another. Each guess at it costs 64 MiB and a fraction of a second (Argon2id), on every computer that
somebody guesses with.
"""

from secrets import token_bytes
from uuid import UUID

from attrs import frozen
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from manchengo_sync.signing import Ed25519Signer

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: five bits each."""

READ_AS = str.maketrans("OIL", "011")
"""What is typed for what it looks like."""

CODE_LETTERS, RECOVERY_LETTERS, GROUP = 12, 24, 4
PASSES, LANES, MEMORY_KIB, SEED_BYTES = 3, 1, 64 * 1024, 32


@frozen
class NotACode(Exception):
    """It has other letters than a code, or another number of them."""


def new_code(letters: int = CODE_LETTERS) -> str:
    """A code that nobody guesses, in groups of four: ``CODE_LETTERS`` for an invitation of some
    days, ``RECOVERY_LETTERS`` for a key that lies in a drawer for years.
    """
    drawn = "".join(LETTERS[byte % len(LETTERS)] for byte in token_bytes(letters))
    return "-".join(drawn[at : at + GROUP] for at in range(0, letters, GROUP))


def signer_of(code: str, invitation_id: UUID) -> Ed25519Signer:
    """The key of that invitation, which takes half a second to make. ``code``: however it was
    typed. Another code gives the key of nobody.

    Raises ``NotACode``.
    """
    stretched = Argon2id(
        salt=invitation_id.bytes,
        length=SEED_BYTES,
        iterations=PASSES,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
    ).derive(as_made(code).encode())
    return Ed25519Signer(stretched.hex())


def as_made(code: str) -> str:
    """The letters of the code, as they were drawn. Raises ``NotACode``."""
    written = "".join(filter(str.isalnum, code.upper())).translate(READ_AS)
    if len(written) not in (CODE_LETTERS, RECOVERY_LETTERS) or set(written) - set(LETTERS):
        raise NotACode
    return written
