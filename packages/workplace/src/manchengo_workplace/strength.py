"""Refuses a new passphrase or PIN that would soon be guessed."""

from manchengo_presenters.strength import weakness
from manchengo_workplace.failures import Failure, Origin


def check_strength(secret: str, *, is_pin: bool, known: tuple[str, ...] = ()) -> None:
    """Raises ``Failure`` ``SecretTooWeak``. ``known``: names that others would try first."""
    found = weakness(secret, is_pin=is_pin, known=known)
    if found is not None:
        raise Failure(
            "SecretTooWeak", found.template, found.facts, key=found.key, origin=Origin.REQUEST
        )
