"""Keys under which a signature says whose word it is, and keys under which it says nothing."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from manchengo.domain.public_key import is_sound
from manchengo_sync.signing import is_signed, new_key, public_key, sign

PRIME = 2**255 - 19

SMALL_ORDER = {
    "one": "0100000000000000000000000000000000000000000000000000000000000000",
    "two": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "four": "0000000000000000000000000000000000000000000000000000000000000000",
    "four, negative": "0000000000000000000000000000000000000000000000000000000000000080",
    "eight": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "eight, negative": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "eight, other": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "eight, other, negative": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
}
"""The eight points, by the order of each."""

ANYBODY_S = bytes.fromhex(SMALL_ORDER["one"]) + bytes(32)
"""A signature that nobody needs a key to make: the point of order one, and zero."""


def believed_by_the_library(key: str) -> list[bytes]:
    """Messages that the library takes for signed under that key."""
    found = []
    for number in range(400):
        message = str(number).encode()
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(ANYBODY_S, message)
        except (InvalidSignature, ValueError):
            continue
        found.append(message)
    return found


@pytest.mark.parametrize("order", SMALL_ORDER)
def test_under_a_key_of_small_order_nothing_is_signed(order: str) -> None:
    """The attack is real: the library believes a signature that anybody can write down."""
    key = SMALL_ORDER[order]
    messages = believed_by_the_library(key)
    assert messages
    assert not any(is_signed(key, ANYBODY_S, message) for message in messages)
    assert not is_sound(key)


@pytest.mark.parametrize("over", [0, 1, 3, 18], ids=str)
@pytest.mark.parametrize("sign_bit", [0, 1])
def test_a_key_is_written_in_one_way(over: int, sign_bit: int) -> None:
    """The ordinate is below the prime: what is over it is the same point once more."""
    assert not is_sound((PRIME + over + (sign_bit << 255)).to_bytes(32, "little").hex())


@pytest.mark.parametrize("written", ["", "zz" * 32, "ab" * 31, "ab" * 33, " " + "ab" * 32])
def test_what_is_no_key_is_none(written: str) -> None:
    assert not is_sound(written)
    assert not is_signed(written, ANYBODY_S, b"")


def test_a_key_that_was_made_here_is_sound() -> None:
    private = new_key()
    key = public_key(private)
    assert is_sound(key)
    assert is_signed(key, sign(private, b"milk"), b"milk")
    assert not is_signed(key, sign(private, b"milk"), b"whey")
