"""A code that people write down and type in makes one key, the same each time."""

from collections import Counter
from uuid import UUID

import pytest

from manchengo.domain.public_key import is_sound
from manchengo_sync import invitations
from manchengo_sync.invitations import (
    CODE_LETTERS,
    LETTERS,
    RECOVERY_LETTERS,
    NotACode,
    as_made,
    new_code,
    signer_of,
)
from manchengo_sync.signing import is_signed

ONE, ANOTHER = UUID(int=1), UUID(int=2)
CODE = "7K0M-1QXZ-91VA"


def test_the_key_of_a_code_is_the_same_everywhere() -> None:
    """Written down here once: another program of ours makes it too, for ever."""
    key = signer_of(CODE, ONE).key
    assert key.hex() == "f20e61e452eecc34765d7012060b87d997537982a903290fdb7170439cb40bb5"
    assert is_sound(key.hex())
    assert is_signed(key.hex(), signer_of("7kom 1qxz 9iva", ONE).sign(b"milk"), b"milk")


def test_another_code_or_another_invitation_makes_another_key() -> None:
    keys = {signer_of(CODE, ONE).key, signer_of(CODE, ANOTHER).key}
    keys.add(signer_of("7K0M-1QXZ-91VB", ONE).key)
    assert len(keys) == 3


@pytest.mark.parametrize("letters", [CODE_LETTERS, RECOVERY_LETTERS])
def test_a_code_is_drawn_in_groups_of_four(letters: int) -> None:
    code = new_code(letters)
    assert [len(group) for group in code.split("-")] == [4] * (letters // 4)
    assert len(as_made(code)) == letters
    assert new_code(letters) != code


def test_every_letter_is_drawn_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "token_bytes", lambda _: bytes(range(256)))
    assert Counter(new_code(256).replace("-", "")) == dict.fromkeys(LETTERS, 8)


@pytest.mark.parametrize("typed", ["", "7K0M-1QXZ-91V", "7K0M-1QXZ-91VAA", "7K0M-1QXZ-91VU"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(NotACode):
        signer_of(typed, ONE)


def test_each_guess_costs_memory() -> None:
    """As much as a passphrase of a database."""
    assert invitations.MEMORY_KIB >= 64 * 1024
    assert invitations.PASSES >= 3
