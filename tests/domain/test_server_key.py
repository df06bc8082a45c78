"""The server's key is replaced: each key comes once, and only after the one that is known."""

import pytest

from manchengo.domain.person_keys import NotAKey
from manchengo.domain.plant import (
    Plant,
    ReplaceServerKey,
    RequireSigning,
    ServerKeyChanged,
    ServerKeyReplaced,
    SigningRequired,
    decide,
    evolve,
)
from tests.support.signers import signer_of

FIRST, SECOND, THIRD = (signer_of("server", number).key.hex() for number in range(3))


def then(*pairs: tuple[str, str]) -> Plant:
    plant = evolve(None, SigningRequired(unsigned_until=None))
    for former, key in pairs:
        (event,) = decide(plant, ReplaceServerKey(former_key=former, public_key=key))
        plant = evolve(plant, event)
    return plant


def test_a_key_leads_to_the_one_that_came_last() -> None:
    plant = then((FIRST, SECOND), (SECOND, THIRD))
    assert [plant.server_key_after(key) for key in (FIRST, SECOND, THIRD)] == [THIRD] * 3
    assert plant.must_sign
    assert decide(plant, RequireSigning()) == ()


def test_said_again_it_changes_nothing() -> None:
    plant = then((FIRST, SECOND))
    assert decide(plant, ReplaceServerKey(former_key=FIRST, public_key=SECOND)) == ()
    first = decide(None, ReplaceServerKey(former_key=FIRST, public_key=SECOND))
    assert first == (ServerKeyChanged(former_key=FIRST, public_key=SECOND),)


@pytest.mark.parametrize(
    ("former", "key"),
    [(FIRST, THIRD), (SECOND, FIRST), (SECOND, SECOND), (THIRD, SECOND)],
    ids=["another came", "it was replaced", "itself", "it came before"],
)
def test_no_key_comes_twice_or_after_one_that_went(former: str, key: str) -> None:
    with pytest.raises(ServerKeyReplaced):
        decide(then((FIRST, SECOND)), ReplaceServerKey(former_key=former, public_key=key))


@pytest.mark.parametrize("key", ["", "00" * 32, SECOND.upper(), SECOND[:-2]])
def test_what_is_no_key_comes_for_none(key: str) -> None:
    for former, coming in ((FIRST, key), (key, FIRST)):
        with pytest.raises(NotAKey):
            decide(None, ReplaceServerKey(former_key=former, public_key=coming))
